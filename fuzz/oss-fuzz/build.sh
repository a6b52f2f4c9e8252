#!/bin/bash
# Builds the fuzz targets into $OUT, each with its seed corpus and options, the way OSS-Fuzz and
# ClusterFuzzLite ask for it: https://google.github.io/oss-fuzz/getting-started/new-project-guide/
#
# They set $SRC, $OUT and $WORK, and have cargo-fuzz and a nightly toolchain ready. Everything but $OUT has
# a default here, so that a developer may run it too; check.sh does, as they would.
set -eu
here="$(dirname "${BASH_SOURCE[0]}")/../.."
# OSS-Fuzz copies this file to $SRC, beside the repository.
[[ -f "$here/fuzz/Cargo.toml" ]] || here="${SRC:?the directory that holds the repository}/assize"
cd "$here"
: "${OUT:?the directory that the targets go to}"
: "${WORK:=$(mktemp -d)}"
# What OSS-Fuzz calls a sanitizer that cargo-fuzz does not know is for other languages.
sanitizer="${SANITIZER:-address}"
case "$sanitizer" in
    address | none | memory | thread | leak) ;;
    coverage) sanitizer=none ;;
    *) echo "build.sh: \$SANITIZER is $sanitizer; cargo-fuzz has address, leak, memory, thread and none" >&2; exit 1 ;;
esac

# What the inputs of each target are.
declare -A targets=(
    [differential_wasmtime]=programs
    [reference_only]=programs
    [core_interpreter]=bytes
    [abi_roundtrip]=bytes
)

# OSS-Fuzz has its nightly as the default toolchain.
toolchain=()
rustc --version | grep -q nightly || toolchain=(+nightly)
# A finding is a panic: assertions of the runtimes are wanted too.
cargo "${toolchain[@]}" fuzz build --release --debug-assertions --sanitizer "$sanitizer"

# Puts what lies in a directory into an archive. The image of OSS-Fuzz has zip; not everyone does.
pack() {
    if command -v zip > /dev/null; then
        (cd "$1" && zip -q -r "$2" .)
    else
        (cd "$1" && python3 -m zipfile -c "$2" ./*)
    fi
}

host="$(rustc "${toolchain[@]}" -vV | sed -n 's/^host: //p')"
built="${CARGO_TARGET_DIR:-target}/$host/release"
for target in "${!targets[@]}"; do
    cp "$built/$target" "$OUT/"
    cp fuzz/oss-fuzz/target.options "$OUT/$target.options"
    # Nothing else has to be built for seeds: each target writes its own.
    corpus="$WORK/corpus/$target"
    rm -rf "$corpus" "$OUT/${target}_seed_corpus.zip"
    ASAN_OPTIONS=detect_leaks=0 ASSIZE_FUZZ_SEEDS="$corpus" "$OUT/$target"
    pack "$corpus" "$OUT/${target}_seed_corpus.zip"
    [[ "${targets[$target]}" == bytes ]] || cp fuzz/oss-fuzz/program.dict "$OUT/$target.dict"
done
