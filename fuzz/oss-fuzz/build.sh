#!/bin/bash -eu
# Builds the fuzz targets into $OUT, each with its seed corpus and options, the way OSS-Fuzz and
# ClusterFuzzLite ask for it: https://google.github.io/oss-fuzz/getting-started/new-project-guide/
#
# They set $SRC, $OUT and $WORK, and have cargo-fuzz and a nightly toolchain ready. Everything but $OUT has
# a default here, so that a developer may run it too.
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

targets=(differential_wasmtime reference_only core_interpreter abi_roundtrip)

# OSS-Fuzz has its nightly as the default toolchain.
toolchain=()
rustc --version | grep -q nightly || toolchain=(+nightly)
# A finding is a panic: assertions of the runtimes are wanted too.
cargo "${toolchain[@]}" fuzz build --release --debug-assertions --sanitizer "$sanitizer"

host="$(rustc -vV | sed -n 's/^host: //p')"
built="${CARGO_TARGET_DIR:-target}/$host/release"
for target in "${targets[@]}"; do
    cp "$built/$target" "$OUT/"
    cp fuzz/oss-fuzz/target.options "$OUT/$target.options"
done

# Seeds: programs of the generator for the targets that take programs, and bytes for the others, which make a
# module or a value of them. The flags with which targets are built would make a second fuzzer of xtask.
corpus="$WORK/corpus"
rm -rf "$corpus"
env -u RUSTFLAGS -u CFLAGS -u CXXFLAGS cargo "${toolchain[@]}" xtask fuzz --emit-corpus "$corpus" --cases 200
seeds() {
    (cd "$corpus/$1" && zip -q -r "$OUT/$2_seed_corpus.zip" .)
}
seeds programs differential_wasmtime
seeds programs reference_only
seeds bytes core_interpreter
seeds bytes abi_roundtrip
cp fuzz/oss-fuzz/program.dict "$OUT/differential_wasmtime.dict"
cp fuzz/oss-fuzz/program.dict "$OUT/reference_only.dict"
