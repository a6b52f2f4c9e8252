#!/usr/bin/env bash
# What `action.yml` runs: Assize against one runtime, with every format of a report.
#
# Reads ASSIZE_XTASK (the program), ASSIZE_RUNTIME, ASSIZE_OUT, ASSIZE_SUITES (names between
# blanks), ASSIZE_FORMATS, ASSIZE_TIMEOUT, ASSIZE_EXPECTATIONS and ASSIZE_BASELINE (both may be
# empty; a baseline that is not there yet is no fault). The exit status is that of the run; it is
# also the step's output `status`.
set -uo pipefail

arguments=(
  conformance
  --runtime "${ASSIZE_RUNTIME:?say which runtime to test}"
  --out "${ASSIZE_OUT:?say where reports go}"
  --format "${ASSIZE_FORMATS:-table,json,junit,markdown,badge,html}"
  --timeout "${ASSIZE_TIMEOUT:-30}"
)
for suite in ${ASSIZE_SUITES:-spec-tests official}; do
  arguments+=(--suite "$suite")
  if [[ $suite == official || $suite == core ]] && [[ -z ${ASSIZE_OFFICIAL:-} && -z ${fetched:-} ]]; then
    "$ASSIZE_XTASK" suite fetch || exit 2
    fetched=yes
  fi
done
if [[ -n ${ASSIZE_EXPECTATIONS:-} ]]; then
  arguments+=(--expectations "$ASSIZE_EXPECTATIONS")
fi
if [[ -n ${ASSIZE_BASELINE:-} && -e $ASSIZE_BASELINE ]]; then
  arguments+=(--baseline "$ASSIZE_BASELINE")
fi

"$ASSIZE_XTASK" "${arguments[@]}"
status=$?

if [[ -n ${GITHUB_STEP_SUMMARY:-} && -f $ASSIZE_OUT/summary.md ]]; then
  cat "$ASSIZE_OUT/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  echo "status=$status" >> "$GITHUB_OUTPUT"
fi
exit "$status"
