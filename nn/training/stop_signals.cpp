#include "nn/training/stop_signals.h"

#include <fmt/format.h>

#include <atomic>
#include <ctime>
#include <map>
#include <mutex>
#include <utility>

namespace nn::training {
namespace {

static_assert(std::atomic<int>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

// The variables that the signal handler uses.
std::atomic<int> first{0};                     // the first signal
std::atomic<std::int64_t> first_at{0};         // its time in nanoseconds
std::atomic<bool> only_from_kill[_NSIG] = {};  // whether signals from the terminal are ignored

// The state that all existing objects share.
struct Installed {
  struct sigaction before;
  int count = 0;
};
std::mutex& mutex() {
  static std::mutex one;
  return one;
}
std::map<int, Installed>& installed() {
  static auto& all = *new std::map<int, Installed>;  // destructors of global objects may use it
  return all;
}

std::int64_t nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Calls only functions that a signal handler may call.
void note(int signal, siginfo_t* info, void*) {
  if (only_from_kill[signal] && info->si_code == SI_KERNEL) return;
  const std::int64_t now = nanoseconds();
  int none = 0;
  if (first.compare_exchange_strong(none, signal)) {
    first_at = now;
    return;
  }
  constexpr std::int64_t kSameRequest = 50'000'000;
  const std::int64_t at = first_at;
  if (at == 0 || now - at < kSameRequest) return;
  // The signal is blocked until the handler returns, and is then delivered.
  struct sigaction ends {};
  ends.sa_handler = SIG_DFL;
  sigaction(signal, &ends, nullptr);
  raise(signal);
}

}  // namespace

StopSignals::StopSignals(const std::vector<int>& signals) : signals_(signals) {
  for (const int signal : signals)
    if (signal <= 0 || signal >= _NSIG || signal == SIGKILL || signal == SIGSTOP)
      throw autograd::Error(fmt::format(
          "StopSignals: signals must be those that a program may handle, but one is {}", signal));
  const std::lock_guard lock(mutex());
  if (installed().empty()) {
    first_at = 0;
    first = 0;
  }
  for (const int signal : signals) {
    Installed& entry = installed()[signal];
    if (entry.count++ > 0) continue;
    struct sigaction action {};
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_RESTART;  // writing of files continues
    sigemptyset(&action.sa_mask);
    sigaction(signal, nullptr, &entry.before);
    const bool ignored =
        (entry.before.sa_flags & SA_SIGINFO) == 0 && entry.before.sa_handler == SIG_IGN;
    only_from_kill[signal] = ignored && signal == SIGINT;
    if (!ignored || signal == SIGINT) sigaction(signal, &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  const std::lock_guard lock(mutex());
  for (const int signal : signals_) {
    const auto found = installed().find(signal);
    if (--found->second.count > 0) continue;
    sigaction(signal, &found->second.before, nullptr);
    installed().erase(found);
  }
}

int StopSignals::received() { return first; }

std::string signal_name(int signal) {
  switch (signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    case SIGHUP:
      return "SIGHUP";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGUSR2:
      return "SIGUSR2";
    default:
      return fmt::format("signal {}", signal);
  }
}

Interrupted::Interrupted(int signal, std::int64_t iteration, std::string snapshot)
    : autograd::Error(fmt::format(
          "Trainer: the training should end by its stop trigger, but {} stopped it after iteration "
          "{}{}",
          signal_name(signal), iteration,
          snapshot.empty() ? std::string(", and no extension took a snapshot")
                           : fmt::format("; resume from {}", snapshot))),
      signal_(signal),
      iteration_(iteration),
      snapshot_(std::move(snapshot)) {}

}  // namespace nn::training
