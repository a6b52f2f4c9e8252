//! Makes the program of a finding smaller, as long as the finding stays the same.
