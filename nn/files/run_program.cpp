#include "nn/files/run_program.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "nn/files/read_file.h"

extern char** environ;

namespace nn::inline files {
namespace {

// A temporary file without a name, with these contents, positioned at its beginning. The program's
// input and output are files instead of pipes, so that neither side can block the other.
OpenFile temporary(std::string_view contents, std::string_view what) {
  OpenFile file(std::tmpfile());
  const bool written =
      file != nullptr &&
      std::fwrite(contents.data(), 1, contents.size(), file.get()) == contents.size() &&
      std::fflush(file.get()) == 0;
  if (!written)
    throw ProgramError(fmt::format("{}: a temporary file must be writable, but writing failed: {}",
                                   what, std::strerror(errno)));
  std::rewind(file.get());
  return file;
}

std::string contents(const OpenFile& file) {
  std::rewind(file.get());
  std::string text;
  char buffer[65536];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get()))
    text.append(buffer, n);
  return text;
}

// The last line that is not blank, without spaces at its ends.
std::string last_line(const std::string& text) {
  constexpr const char* kBlank = " \t\r\n";
  const auto end = text.find_last_not_of(kBlank);
  if (end == std::string::npos) return {};
  const auto line_end = text.rfind('\n', end);
  const auto begin = text.find_first_not_of(kBlank, line_end == std::string::npos ? 0 : line_end);
  return text.substr(begin, end + 1 - begin);
}

// Runs the command and returns the status from waitpid(); returns nothing if the program was not
// found.
std::optional<int> run(const std::vector<std::string>& command, const OpenFile& in,
                       const OpenFile& out, const OpenFile& err) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ::fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, ::fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, ::fileno(err.get()), STDERR_FILENO);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return {};
  int status = 0;
  while (waitpid(pid, &status, 0) != pid)
    if (errno != EINTR) return -1;
  return status;
}

}  // namespace

std::string run_program(const Program& program, std::string_view input, std::string_view what) {
  const std::string& name = program.command.at(0);
  const OpenFile in = temporary(input, what), out = temporary({}, what), err = temporary({}, what);
  const std::optional<int> status = run(program.command, in, out, err);
  if (!status)
    throw ProgramError(
        fmt::format("{}: {} must be installed to {}, but it is not: sudo apt install {}", what,
                    name, program.use, program.package));
  if (*status != 0) {
    std::string said = last_line(contents(err));
    if (said.empty()) said = "it printed no error message";
    const std::string end = WIFEXITED(*status) ? fmt::format("status {}", WEXITSTATUS(*status))
                                               : fmt::format("signal {}", WTERMSIG(*status));
    throw ProgramError(
        fmt::format("{}: {} must succeed, but it ended with {}: {}", what, name, end, said));
  }
  return contents(out);
}

}  // namespace nn::inline files
