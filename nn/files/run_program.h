#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"

namespace nn::inline files {

// What run_program() throws: the program is not installed, could not be run, or failed.
class ProgramError : public autograd::Error {
 public:
  using Error::Error;
};

// A program, found by PATH, and its arguments. No shell is involved.
struct Program {
  std::vector<std::string> command;
  std::string use;      // what for, for the sentence that says it is missing: "draw curves"
  std::string package;  // of Debian, where it comes from
};

// Runs a program that reads `input` from its standard input, and returns what it writes to its
// standard output. Throws ProgramError, beginning with `what`: where the program is not installed,
// with how to install it; where it ends with another status than 0 or by a signal, with the last
// line that it wrote to its standard error; and where no temporary file can be written.
std::string run_program(const Program& program, std::string_view input, std::string_view what);

}  // namespace nn::inline files
