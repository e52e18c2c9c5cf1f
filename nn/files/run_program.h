#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"

namespace nn::inline files {

// The exception of run_program(): the program is not installed, could not be run, or failed.
class ProgramError : public autograd::Error {
 public:
  using Error::Error;
};

// A program, which is searched in PATH, and its arguments. No shell is used.
struct Program {
  std::vector<std::string> command;
  std::string use;      // the purpose, for the error message if it is not installed: "draw curves"
  std::string package;  // the Debian package that contains the program
};

// Runs a program with `input` as its standard input, and returns its standard output. Throws
// ProgramError, beginning with `what`, in three cases. If the program is not installed, the message
// says how to install it. If the program ends with a status other than 0 or by a signal, the
// message contains the last line of its standard error. The third case is that a temporary file
// cannot be written.
std::string run_program(const Program& program, std::string_view input, std::string_view what);

}  // namespace nn::inline files
