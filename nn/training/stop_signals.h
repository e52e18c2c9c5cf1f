#pragma once

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/base/error.h"

namespace nn::training {

// While an object of this class lives, the first of its signals only asks the program to stop: it
// is noted, and whoever runs a loop looks for it with received(). A second signal ends the program
// at once, as it would without the object. (What comes within 50 ms of the first one is the same
// request: programs such as timeout send a signal twice.)
//
// A signal that the program was told to ignore stays ignored, but for one case: a shell lets its
// background jobs ignore SIGINT, which is meant for Ctrl-C in the terminal; there a SIGINT that is
// sent by kill counts.
//
// The destructor brings back what was before. Objects may be nested and may live in several threads;
// all see the same signals.
class StopSignals {
 public:
  explicit StopSignals(const std::vector<int>& signals = {SIGINT, SIGTERM});
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // The signal that came, 0 if none did.
  static int received();

 private:
  std::vector<int> signals_;
};

// Thrown by Trainer::run() when a signal ended the training before its stop trigger fired.
class Interrupted : public autograd::Error {
 public:
  Interrupted(int signal, std::int64_t iteration, std::string snapshot);

  int signal() const { return signal_; }
  // The exit status by which shells tell of a signal: 130 for SIGINT, 143 for SIGTERM.
  int exit_status() const { return 128 + signal_; }
  // The iterations that were done.
  std::int64_t iteration() const { return iteration_; }
  // The snapshot that the training goes on from; empty if the trainer has no extension that takes
  // one.
  const std::string& snapshot() const { return snapshot_; }

 private:
  int signal_;
  std::int64_t iteration_;
  std::string snapshot_;
};

// SIGINT, SIGTERM, ...; "signal 10" where it has no name here.
std::string signal_name(int signal);

}  // namespace nn::training
