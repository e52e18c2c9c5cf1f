#pragma once

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/base/error.h"

namespace nn::training {

// While an object of this class exists, the first SIGINT or SIGTERM does not end the program but is
// recorded, and a loop checks for it by received(). A second signal ends the program at once, as it
// would without the object. (Signals within 50 ms of the first count as the same request: programs
// such as timeout send a signal twice.)
//
// A signal that the program ignored before stays ignored, with one exception: shells start
// background jobs with SIGINT ignored, because it is meant for Ctrl-C in the terminal; in such a
// job a SIGINT sent by kill counts.
//
// The destructor restores the previous handling. Objects may be nested and may exist in several
// threads; all see the same signals.
class StopSignals {
 public:
  explicit StopSignals(const std::vector<int>& signals = {SIGINT, SIGTERM});
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // The recorded signal; 0 if there is none.
  static int received();

 private:
  std::vector<int> signals_;
};

// Thrown by Trainer::run() when a signal ended the training before its stop trigger fired.
class Interrupted : public autograd::Error {
 public:
  Interrupted(int signal, std::int64_t iteration, std::string snapshot);

  int signal() const { return signal_; }
  // The exit status that shells use for the signal: 130 for SIGINT, 143 for SIGTERM.
  int exit_status() const { return 128 + signal_; }
  // The number of completed iterations.
  std::int64_t iteration() const { return iteration_; }
  // The snapshot from which the training can be resumed; empty if no extension took one.
  const std::string& snapshot() const { return snapshot_; }

 private:
  int signal_;
  std::int64_t iteration_;
  std::string snapshot_;
};

// "SIGINT", "SIGTERM", ...; "signal 10" for a signal without a known name.
std::string signal_name(int signal);

}  // namespace nn::training
