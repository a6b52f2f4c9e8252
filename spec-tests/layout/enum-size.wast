;; A discriminant takes one byte up to 256 cases and two bytes from 257 on.
;; Spec: CanonicalABI.md, "Alignment" (the discriminant's type), "Element Size".

;; text: Alignment, Element Size; each function receives a list and returns what `realloc` was asked for:
;; the alignment of the element type, and the bytes of the whole list
(component
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      ;; the list comes first; what its elements hold is allocated later
      (if (i32.eqz (i32.load (i32.const 0x10)))
        (then
          (i32.store (i32.const 0x10) (local.get $align))
          (i32.store (i32.const 0x18) (local.get $size))))
      (i32.const 0x800))
    (func (export "f") (param i32 i32) (result i64)
      (local $both i64)
      (local.set $both (i64.or
        (i64.shl (i64.load32_u (i32.const 0x10)) (i64.const 32))
        (i64.load32_u (i32.const 0x18))))
      (i32.store (i32.const 0x10) (i32.const 0))
      (local.get $both)))
  (core instance $i (instantiate $m))
  (type $def-enum-2 (enum
    "l0" "l1"))
  (export $t-enum-2 "t-enum-2" (type $def-enum-2))
  (func (export "enum-2") (param "x" (list $t-enum-2)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-enum-256 (enum
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
  (export $t-enum-256 "t-enum-256" (type $def-enum-256))
  (func (export "enum-256") (param "x" (list $t-enum-256)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-enum-257 (enum
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
  (export $t-enum-257 "t-enum-257" (type $def-enum-257))
  (func (export "enum-257") (param "x" (list $t-enum-257)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "enum-2" (list.const (enum.const "l1") (enum.const "l1"))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "enum-256" (list.const (enum.const "l255") (enum.const "l255"))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 2, 2 bytes each
(assert_return (invoke "enum-257" (list.const (enum.const "l256") (enum.const "l256"))) (u64.const 0x00000002_00000004))
;; text: Alignment; the alignment of an empty list is that of its elements too
(assert_return (invoke "enum-2" (list.const)) (u64.const 0x00000001_00000000))
