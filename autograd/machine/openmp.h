#pragma once

namespace autograd::openmp {

// While an object of this class exists, libraries that use OpenMP (oneDNN, OpenBLAS in its OpenMP
// build) start no threads from this thread. Their threads would be a second pool beside that of
// parallel.h, and two pools that wait for each other are slower than one. Does nothing if the
// process does not use OpenMP.
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
