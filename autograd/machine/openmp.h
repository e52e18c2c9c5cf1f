#pragma once

namespace autograd::openmp {

// While it lives, libraries that use OpenMP start no threads from this one: OpenBLAS in its OpenMP
// build, oneDNN. Their threads would be a second pool beside parallel's, and two pools that wait
// for each other cost more than both win. Where the process has no OpenMP it does nothing.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = 1;
};

}  // namespace autograd::openmp
