;; Enums: 256 cases have a discriminant of one byte in memory, 257 one of two bytes; as a core value
;; it is an `i32` in which every bit counts.
;; Spec: CanonicalABI.md, "Alignment" (the discriminant's type), "Loading", "Storing", "Flat Lifting".

;; text: Alignment, Loading, Flat Lifting; enums lifted out of a number, flat and from memory
(component definition $Enums
  (type $e256' (enum
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16"
    "l17" "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28" "l29" "l30" "l31" "l32"
    "l33" "l34" "l35" "l36" "l37" "l38" "l39" "l40" "l41" "l42" "l43" "l44" "l45" "l46" "l47" "l48"
    "l49" "l50" "l51" "l52" "l53" "l54" "l55" "l56" "l57" "l58" "l59" "l60" "l61" "l62" "l63" "l64"
    "l65" "l66" "l67" "l68" "l69" "l70" "l71" "l72" "l73" "l74" "l75" "l76" "l77" "l78" "l79" "l80"
    "l81" "l82" "l83" "l84" "l85" "l86" "l87" "l88" "l89" "l90" "l91" "l92" "l93" "l94" "l95" "l96"
    "l97" "l98" "l99" "l100" "l101" "l102" "l103" "l104" "l105" "l106" "l107" "l108" "l109" "l110"
    "l111" "l112" "l113" "l114" "l115" "l116" "l117" "l118" "l119" "l120" "l121" "l122" "l123"
    "l124" "l125" "l126" "l127" "l128" "l129" "l130" "l131" "l132" "l133" "l134" "l135" "l136"
    "l137" "l138" "l139" "l140" "l141" "l142" "l143" "l144" "l145" "l146" "l147" "l148" "l149"
    "l150" "l151" "l152" "l153" "l154" "l155" "l156" "l157" "l158" "l159" "l160" "l161" "l162"
    "l163" "l164" "l165" "l166" "l167" "l168" "l169" "l170" "l171" "l172" "l173" "l174" "l175"
    "l176" "l177" "l178" "l179" "l180" "l181" "l182" "l183" "l184" "l185" "l186" "l187" "l188"
    "l189" "l190" "l191" "l192" "l193" "l194" "l195" "l196" "l197" "l198" "l199" "l200" "l201"
    "l202" "l203" "l204" "l205" "l206" "l207" "l208" "l209" "l210" "l211" "l212" "l213" "l214"
    "l215" "l216" "l217" "l218" "l219" "l220" "l221" "l222" "l223" "l224" "l225" "l226" "l227"
    "l228" "l229" "l230" "l231" "l232" "l233" "l234" "l235" "l236" "l237" "l238" "l239" "l240"
    "l241" "l242" "l243" "l244" "l245" "l246" "l247" "l248" "l249" "l250" "l251" "l252" "l253"
    "l254" "l255"))
  (export $e256 "e256" (type $e256'))
  (type $e257' (enum
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16"
    "l17" "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28" "l29" "l30" "l31" "l32"
    "l33" "l34" "l35" "l36" "l37" "l38" "l39" "l40" "l41" "l42" "l43" "l44" "l45" "l46" "l47" "l48"
    "l49" "l50" "l51" "l52" "l53" "l54" "l55" "l56" "l57" "l58" "l59" "l60" "l61" "l62" "l63" "l64"
    "l65" "l66" "l67" "l68" "l69" "l70" "l71" "l72" "l73" "l74" "l75" "l76" "l77" "l78" "l79" "l80"
    "l81" "l82" "l83" "l84" "l85" "l86" "l87" "l88" "l89" "l90" "l91" "l92" "l93" "l94" "l95" "l96"
    "l97" "l98" "l99" "l100" "l101" "l102" "l103" "l104" "l105" "l106" "l107" "l108" "l109" "l110"
    "l111" "l112" "l113" "l114" "l115" "l116" "l117" "l118" "l119" "l120" "l121" "l122" "l123"
    "l124" "l125" "l126" "l127" "l128" "l129" "l130" "l131" "l132" "l133" "l134" "l135" "l136"
    "l137" "l138" "l139" "l140" "l141" "l142" "l143" "l144" "l145" "l146" "l147" "l148" "l149"
    "l150" "l151" "l152" "l153" "l154" "l155" "l156" "l157" "l158" "l159" "l160" "l161" "l162"
    "l163" "l164" "l165" "l166" "l167" "l168" "l169" "l170" "l171" "l172" "l173" "l174" "l175"
    "l176" "l177" "l178" "l179" "l180" "l181" "l182" "l183" "l184" "l185" "l186" "l187" "l188"
    "l189" "l190" "l191" "l192" "l193" "l194" "l195" "l196" "l197" "l198" "l199" "l200" "l201"
    "l202" "l203" "l204" "l205" "l206" "l207" "l208" "l209" "l210" "l211" "l212" "l213" "l214"
    "l215" "l216" "l217" "l218" "l219" "l220" "l221" "l222" "l223" "l224" "l225" "l226" "l227"
    "l228" "l229" "l230" "l231" "l232" "l233" "l234" "l235" "l236" "l237" "l238" "l239" "l240"
    "l241" "l242" "l243" "l244" "l245" "l246" "l247" "l248" "l249" "l250" "l251" "l252" "l253"
    "l254" "l255" "l256"))
  (export $e257 "e257" (type $e257'))
  (core module $m
    (memory (export "mem") 1)
    (func (export "id") (param i32) (result i32) local.get 0)
    ;; stores a word, and returns its address
    (func (export "word") (param i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      i32.const 16)
    ;; the list's address: the result is loaded from there
    (func (export "list") (param i32 i32) (result i32) local.get 0)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.store (i32.const 0x800) (i32.const -1))
      i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "lift-256") (param "x" u32) (result $e256) (canon lift (core func $i "id")))
  (func (export "lower-256") (param "x" $e256) (result u32) (canon lift (core func $i "id")))
  (func (export "load-256") (param "word" u32) (result (tuple $e256 u8))
    (canon lift (core func $i "word") (memory $i "mem")))
  (func (export "store-256") (param "x" (list $e256)) (result (tuple u8 u8 u8 u8))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-257") (param "x" u32) (result $e257) (canon lift (core func $i "id")))
  (func (export "lower-257") (param "x" $e257) (result u32) (canon lift (core func $i "id")))
  (func (export "load-257") (param "word" u32) (result (tuple $e257 u8))
    (canon lift (core func $i "word") (memory $i "mem")))
  (func (export "store-257") (param "x" (list $e257)) (result (tuple u8 u8 u8 u8))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Loading; a fresh instance
(component instance $i $Enums)
;; text: Flat Lifting; the first case
;; rule: variant.lift-flat/case does not hold
(assert_return (invoke "lift-256" (u32.const 0)) (enum.const "l0"))
;; text: Flat Lifting; the last of 256 cases
;; rule: variant.lift-flat/case does not hold
(assert_return (invoke "lift-256" (u32.const 255)) (enum.const "l255"))
;; text: Flat Lifting; the last of 257 cases
;; rule: variant.lift-flat/case does not hold
(assert_return (invoke "lift-257" (u32.const 256)) (enum.const "l256"))
;; text: Flat Lowering; the index of the last of 256 cases
(assert_return (invoke "lower-256" (enum.const "l255")) (u32.const 255))
;; text: Flat Lowering; the index of the last of 257 cases
(assert_return (invoke "lower-257" (enum.const "l256")) (u32.const 256))
;; text: Loading; one byte: the next byte is the next field
;; rule: variant.load/case does not hold
(assert_return (invoke "load-256" (u32.const 0x0107ff)) (tuple.const (enum.const "l255") (u8.const 7)))
;; text: Loading; two bytes: the next byte is part of the index
;; rule: variant.load/case does not hold
(assert_return (invoke "load-257" (u32.const 0x070100)) (tuple.const (enum.const "l256") (u8.const 7)))
;; text: Loading; two bytes: the lowest byte comes first
;; rule: variant.load/case does not hold
(assert_return (invoke "load-257" (u32.const 0x0700ff)) (tuple.const (enum.const "l255") (u8.const 7)))
;; text: Storing; one byte is stored
(assert_return (invoke "store-256" (list.const (enum.const "l255") (enum.const "l1"))) (tuple.const (u8.const 255) (u8.const 1) (u8.const 255) (u8.const 255)))
;; text: Storing; two bytes are stored
(assert_return (invoke "store-257" (list.const (enum.const "l256"))) (tuple.const (u8.const 0) (u8.const 1) (u8.const 255) (u8.const 255)))

;; text: Flat Lifting; the first index past 256 cases
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "lift-256" (u32.const 256)) "variant.lift-flat/case")
;; text: Loading; a fresh instance
(component instance $i $Enums)

;; text: Flat Lifting; the first index past 257 cases
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "lift-257" (u32.const 257)) "variant.lift-flat/case")
;; text: Loading; a fresh instance
(component instance $i $Enums)

;; text: Flat Lifting; the bits above 16 count too
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "lift-257" (u32.const 0x10000)) "variant.lift-flat/case")
;; text: Loading; a fresh instance
(component instance $i $Enums)

;; text: Flat Lifting; the index is not negative
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "lift-256" (u32.const 0xffffffff)) "variant.lift-flat/case")
;; text: Loading; a fresh instance
(component instance $i $Enums)

;; text: Loading; the first index past 257 cases
;; rule: variant.load/case holds
(assert_trap (invoke "load-257" (u32.const 0x0101)) "variant.load/case")
;; text: Loading; a fresh instance
(component instance $i $Enums)

;; text: Loading; the highest index of two bytes
;; rule: variant.load/case holds
(assert_trap (invoke "load-257" (u32.const 0xffff)) "variant.load/case")
