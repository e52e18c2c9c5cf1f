#pragma once

#include <string>

// Where a file of the source tree, or a program of this build, is: source_path("tests/golden"),
// build_path("examples/vae/train_vae"). They are linked, not defined on the command line: so a clone
// in another folder compiles a test to the same object, which the compiler's cache then has.
std::string source_path(const std::string& file);
std::string build_path(const std::string& program);
