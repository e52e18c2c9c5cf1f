#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"

namespace nn::inline files {

// What run_program() throws: the program is not installed, or it failed.
class ProgramError : public autograd::Error {
 public:
  using Error::Error;
};

// A program, as PATH leads to it, and its arguments. No shell reads them.
struct Program {
  std::vector<std::string> command;
  std::string use;      // what for, for the sentence that says it is missing: "draw curves"
  std::string package;  // of Debian, where it comes from
};

// Runs a program that reads `input` from its standard input, and returns what it writes to its
// standard output. Throws ProgramError, beginning with `what`, where the program is not installed,
// ends with another status than 0, or by a signal; of the first it says how to install it, of the
// others the last line that the program wrote to its standard error. Throws Error where there is no
// room for a temporary file.
std::string run_program(const Program& program, std::string_view input, std::string_view what);

}  // namespace nn::inline files
