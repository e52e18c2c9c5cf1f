#pragma once

#include <cstdlib>
#include <string>

// PATH as given, until this dies: programs that are run are looked for there.
class Path {
 public:
  explicit Path(const std::string& path) {
    const char* old = std::getenv("PATH");
    if (old != nullptr) old_ = old;
    ::setenv("PATH", path.c_str(), 1);
  }
  ~Path() { ::setenv("PATH", old_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string old_;
};
