#pragma once

#include <cstdio>
#include <functional>
#include <string>

namespace vae::lab {

// Shows the progress of the study. On a terminal: a progress bar in the last line, and above it one
// line for each finished training. If `out` is not a terminal (and `always` is false): one line for
// each finished training, and one line every five seconds during a training.
class StudyProgress {
 public:
  using Clock = std::function<double()>;  // seconds

  // `rows` trainings with `epochs` epochs in total are to be run.
  StudyProgress(std::FILE* out, int rows, int epochs, bool always = false, Clock clock = {});

  void begin(const std::string& name, int epochs);  // begins a row with this number of epochs
  void epoch_done(int epoch);
  void end(const std::string& result);

 private:
  void show();
  void put(const std::string& text);

  std::FILE* out_;
  bool shows_;
  Clock clock_;
  double start_, last_ = -1e9;  // the times of the start of the study and of the last line
  int rows_, epochs_;           // the totals
  int row_ = 0, done_ = 0;      // the current row, from 1, and the epochs of the rows before it
  std::string name_;
  int row_epochs_ = 0, epoch_ = 0;
};

}  // namespace vae::lab
