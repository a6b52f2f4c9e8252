#!/bin/bash
# Runs build.sh as OSS-Fuzz does, in a copy of the environment that its image for Rust has, and looks at what
# it leaves in $OUT: the targets, each with a seed corpus, options, and a dictionary where it takes programs.
# Then each target runs for a moment on its seeds.
#
# It needs a nightly toolchain and cargo-fuzz, builds Wasmtime with instrumentation, which takes a quarter of
# an hour, and leaves nothing behind but what $CARGO_TARGET_DIR has (target/assize/oss-fuzz by default). With
# clang and its libFuzzer, C and C++ are built as in OSS-Fuzz; without, by what there is.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/assize/oss-fuzz}"
scene="$(mktemp -d)"
trap 'rm -rf "$scene"' EXIT
export SRC="$scene/src" OUT="$scene/out" WORK="$scene/work"
mkdir "$SRC" "$OUT" "$WORK"
ln -s "$PWD" "$SRC/assize"
cp fuzz/oss-fuzz/build.sh "$SRC/"

# What the image and its `compile` set.
export FUZZING_LANGUAGE=rust FUZZING_ENGINE=libfuzzer SANITIZER="${SANITIZER:-address}" ARCHITECTURE=x86_64
export LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export RUSTUP_TOOLCHAIN="${ASSIZE_NIGHTLY:-nightly}"
export RUSTFLAGS="--cfg fuzzing -Cdebuginfo=1 -Cforce-frame-pointers"
common="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
flags=""
if [[ "$SANITIZER" == address ]]; then
    RUSTFLAGS+=" -Zsanitizer=address"
    flags="-fsanitize=address -fsanitize-address-use-after-scope"
fi
libfuzzer="$(clang -print-file-name=libclang_rt.fuzzer-x86_64.a 2> /dev/null || true)"
[[ -f "$libfuzzer" ]] || libfuzzer="$(clang -print-runtime-dir 2> /dev/null || true)/libclang_rt.fuzzer-x86_64.a"
if [[ -f "$libfuzzer" ]]; then
    cp "$libfuzzer" "$WORK/libFuzzingEngine.a"
    export CC=clang CXX=clang++ CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=clang
    export CFLAGS="$common $flags -fsanitize=fuzzer-no-link"
    # The libFuzzer of OSS-Fuzz is made for libc++; that of a distribution may be for the GNU one.
    export CXXFLAGS="$CFLAGS -stdlib=libc++" CUSTOM_LIBFUZZER_STD_CXX=c++
    if grep -q __cxx11 "$libfuzzer"; then
        export CXXFLAGS="$CFLAGS" CUSTOM_LIBFUZZER_STD_CXX=stdc++
    fi
    export LIB_FUZZING_ENGINE_DEPRECATED="$WORK/libFuzzingEngine.a"
    export CUSTOM_LIBFUZZER_PATH="$LIB_FUZZING_ENGINE_DEPRECATED"
else
    echo "check.sh: there is no clang with libFuzzer, so C is built by what there is"
    export CFLAGS="-O1 -fno-omit-frame-pointer -g1 -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
    export CXXFLAGS="$CFLAGS"
fi

bash -eu "$SRC/build.sh"

# From here on, as the image that runs targets: nothing of the build is there.
unset RUSTFLAGS CFLAGS CXXFLAGS CC CXX
failed=0
expect() {
    if [[ -s "$OUT/$1" ]]; then
        echo "ok: $1 ($(stat -c %s "$OUT/$1") bytes)"
    else
        echo "MISSING: $1"
        failed=1
    fi
}
# Where a runtime takes the target with it, nothing is told: the seed that did it is left out of the next run.
leave_out() {
    grep -q '^panicked at .*/wasmtime' "$scene/$target.log" || return
    local unit
    unit="$(sed -n 's/.*Test unit written to .*-\([0-9a-f]\{40\}\)$/\1/p' "$scene/$target.log")"
    [[ -n "$unit" ]] || return
    sha1sum "$seeds"/* | sed -n "s/^$unit  //p" | grep . | while read -r seed; do
        echo "left out, since Wasmtime dies of it: ${seed##*/}"
        rm "$seed"
    done
}
for target in differential_wasmtime reference_only core_interpreter abi_roundtrip; do
    for file in "$target" "${target}_seed_corpus.zip" "$target.options"; do
        expect "$file"
    done
    case "$target" in differential_wasmtime | reference_only) expect "$target.dict" ;; esac
    seeds="$scene/seeds/$target"
    mkdir -p "$seeds"
    python3 -m zipfile -e "$OUT/${target}_seed_corpus.zip" "$seeds"
    dictionary=()
    [[ ! -f "$OUT/$target.dict" ]] || dictionary=(-dict="$OUT/$target.dict")
    # The options as OSS-Fuzz hands them on.
    mapfile -t options < <(awk -F ' *= *' \
        '/^\[/ { on = ($0 == "[libfuzzer]") } on && /^[a-z]/ { print "-" $1 "=" $2 }' "$OUT/$target.options")
    # More runs than there are seeds, so that inputs are varied too.
    count="$(find "$seeds" -type f | wc -l)"
    # A target ends with what it finds in a runtime, which is no fault of the build: it is told, and the next
    # run does not end with it.
    export ASSIZE_FUZZ_TALLY="$scene/tally/$target"
    for try in {1..20}; do
        started=$SECONDS
        status=0
        (cd "$scene" && ASAN_OPTIONS=detect_leaks=0 "$OUT/$target" "${options[@]}" "${dictionary[@]}" \
            -seed=1 -runs="$((count + 20))" "$seeds") > "$scene/$target.log" 2>&1 || status=$?
        ((status)) || break
        grep '^assize: found wasmtime-' "$scene/$target.log" || leave_out || break
    done
    if ((status == 0)); then
        echo "ok: $target runs, $((count + 20)) inputs in $((SECONDS - started)) s"
    else
        echo "FAILED: $target"
        tail -n 40 "$scene/$target.log"
        failed=1
    fi
done
((failed == 0)) && echo "check.sh: all there"
exit "$failed"
