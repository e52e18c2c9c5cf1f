// Runs a program, and takes what it leaves.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/folder.h"

using Arguments = std::vector<std::string>;

inline Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// What to change in the program's process before it begins.
using Prepare = std::function<void()>;

// Begins a run of a program; what it prints goes to the two files.
inline pid_t start(std::string program, Arguments arguments, const std::string& out,
                   const std::string& err, const Prepare& prepare = {}) {
  std::vector<char*> argv{program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  if (prepare) prepare();
  execv(argv[0], argv.data());
  _exit(127);
}

struct Outcome {
  int code;  // of the exit; negative: the signal that ended the program
  std::string out, err;
};

inline Outcome run(const std::string& program, const Arguments& arguments,
                   const Prepare& prepare = {}) {
  const Folder folder;
  int status = 0;
  waitpid(start(program, arguments, folder / "out", folder / "err", prepare), &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), contents(folder / "out"),
          contents(folder / "err")};
}
