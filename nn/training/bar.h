#pragma once

#include <cstdio>
#include <deque>
#include <string>

namespace nn::training {

// Progress bars: lines at the bottom of a terminal that are overwritten repeatedly, with an
// estimate of the speed.
class Bar {
 public:
  Bar(std::FILE* out, bool to_files, int length);

  // False if the output is not a terminal and bars were not requested for files.
  bool shows() const { return shows_; }
  // "total [####......] 40.00%\n"
  std::string line(const std::string& title, double rate) const;
  // "    38.568 iters/sec. Estimated time to finish: 0:00:00.518569.\n", estimated from the last
  // 100 calls. `left` counts epochs or iterations.
  std::string speed(double now, double iteration, double epoch_detail, double left, bool in_epochs);

  void write(const std::string& lines);
  void close();

 private:
  struct Moment {
    double iteration, epoch_detail, time;
  };
  std::FILE* out_;
  bool shows_;
  int length_;
  std::deque<Moment> recent_;
};

}  // namespace nn::training
