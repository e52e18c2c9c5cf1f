#pragma once

#include <fstream>
#include <map>
#include <string>

#include "tests/golden_runner/cases.h"

namespace golden {

// An empty folder, gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string text_of_file(const std::string& path);

// What a long run of Chainer's trainer, and its resume from a snapshot, wrote: the same trainer is
// made by the lines of Python that made it, and run.
class TrainingFiles {
 public:
  TrainingFiles(const Value& files, Store& store, Report& report)
      : files_(files), store_(store), report_(report) {}
  // Inside of a case. False if the file is not one of these.
  bool check(const std::string& name);

 private:
  void run(bool resumed);
  void require_run(bool resumed);
  void check_log(const std::string& name, bool resumed);

  const Value& files_;
  Store& store_;
  Report& report_;
  Folder folder_;
  std::map<bool, std::string> screens_;  // by whether it was resumed
};

}  // namespace golden
