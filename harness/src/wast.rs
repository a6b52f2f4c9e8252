//! The script interpreter: runs the directives of a `.wast` file on a runtime and judges them.
