#pragma once

#include <cstdio>
#include <functional>
#include <string>

namespace vae::lab {

// How far the study is: a line at the bottom of the terminal, above it one for each training that
// is done. Where `out` is no terminal (and not `always`) it writes lines only: one for each training
// that is done, and before that one every five seconds.
class StudyProgress {
 public:
  using Clock = std::function<double()>;  // seconds

  // Trainings of so many epochs are ahead, in all.
  StudyProgress(std::FILE* out, int rows, int epochs, bool always = false, Clock clock = {});

  void begin(const std::string& name, int epochs);  // a row of so many epochs
  void epoch_done(int epoch);
  void end(const std::string& result);

 private:
  void show();
  void put(const std::string& text);

  std::FILE* out_;
  bool shows_;
  Clock clock_;
  double start_, last_ = -1e9;  // when the study began, and when the last line was written
  int rows_, epochs_;           // in all
  int row_ = 0, done_ = 0;      // the running row, from 1, and the epochs of the rows before it
  std::string name_;
  int row_epochs_ = 0, epoch_ = 0;
};

}  // namespace vae::lab
