#pragma once

#include <concepts>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/reporting/reporter.h"
#include "nn/training/extension.h"
#include "nn/training/share.h"
#include "nn/training/stop_signals.h"
#include "nn/training/updaters/updater.h"

namespace nn::training {

struct ExtendOptions {
  std::string name = {};              // the extension's own, unless given
  Trigger trigger = {};               // the extension's own, unless given
  std::optional<int> priority = {};   // the extension's own, unless given
  bool call_before_training = false;  // once more, before the first iteration of a new training
};

struct RunOptions {
  // Where to report an exception that ends the training, before extensions are finalised, for
  // example stderr. By default nowhere.
  std::FILE* show_loop_exception_msg = nullptr;
  // Let SIGINT (Ctrl-C) and SIGTERM end the training after the current iteration: the snapshot
  // extensions take a snapshot, and run() throws Interrupted, which names the snapshot. Resuming
  // from it gives the same numbers as a training that was not stopped. A second signal ends the
  // program at once. By default run() does not handle signals.
  bool stop_on_signal = false;
};

// The training loop: chainer.training.Trainer. Until the stop trigger fires, each iteration updates
// the parameters and runs the extensions whose triggers fire, in order of decreasing priority, and
// for equal priorities in the order of extend().
//
//   nn::iterators::SerialIterator train_iter(train, 100);
//   training::StandardUpdater updater(train_iter, optimizer, model);
//   training::Trainer trainer(updater, {20, "epoch"}, "result");
//   trainer.extend(extensions::Evaluator(test_iter, model));
//   trainer.extend(extensions::LogReport());
//   trainer.run();
//
// Updaters and extensions given as lvalues are referred to and must outlive the trainer; rvalues
// are moved in.
//
// A trainer can be saved and loaded. Its state includes that of the default random generator, so
// that a resumed training gives the same numbers as one that was never stopped. Snapshots of
// Chainer do not contain the generator's state; loading one leaves the generator unchanged.
class Trainer {
 public:
  template <class U>
  requires std::derived_from<std::remove_cvref_t<U>, Updater>
  explicit Trainer(U&& updater, Trigger stop_trigger = {}, std::string out = "result")
      : Trainer(std::shared_ptr<Updater>(share(std::forward<U>(updater))), std::move(stop_trigger),
                std::move(out)) {}
  explicit Trainer(std::shared_ptr<Updater> updater, Trigger stop_trigger = {},
                   std::string out = "result");
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;
  ~Trainer();

  // Registers an extension and returns it. If the name is taken, appends _1, _2, ... Throws for the
  // name "training".
  template <class E>
  requires std::derived_from<std::remove_cvref_t<E>, Extension> std::remove_cvref_t<E>
  &extend(E&& extension, const ExtendOptions& options = {}) {
    return extend(share(std::forward<E>(extension)), options);
  }
  template <std::derived_from<Extension> E>
  E& extend(std::shared_ptr<E> extension, const ExtendOptions& options = {}) {
    add(extension, options);
    return *extension;
  }
  // Registers a function as an extension; requires options.name.
  template <class F>
  requires(!std::derived_from<std::remove_cvref_t<F>, Extension> &&
           std::invocable<F&, Trainer&>) void extend(F f, const ExtendOptions& options) {
    add_function(std::move(f), options);
  }

  // Throws if there is no extension of this name, or if it has another type.
  Extension& get_extension(const std::string& name) const;
  template <class E>
  E& get_extension(const std::string& name) const {
    if (E* extension = dynamic_cast<E*>(&get_extension(name))) return *extension;
    fail_on_type(name);
  }

  // Trains until the stop trigger fires. Does not train at all if the stop trigger lies behind, for
  // example if a training of 4 epochs is resumed with a stop trigger of 3. Creates the folder
  // `out`. If an update or an extension throws, calls on_error() of the extensions, finalises
  // extensions and updater, and rethrows. Throws if run() has been called before, or if `out`
  // cannot be created. Throws Interrupted if a signal ended the training (options.stop_on_signal).
  void run(const RunOptions& options = {});

  Updater& updater() const { return *updater_; }
  const Trigger& stop_trigger() const { return stop_trigger_; }
  const std::string& out() const { return out_; }
  Reporter& reporter() { return reporter_; }
  // The values reported in this iteration.
  Observation& observation() { return observation_; }
  const Observation& observation() const { return observation_; }

  bool is_before_training() const { return updater_->iteration() == 0; }
  // Seconds of training, including those before a resume. Throws before run().
  double elapsed_time() const;
  // Seconds since some fixed moment, by a clock that tests replace.
  double now() const { return clock_(); }
  void set_clock(std::function<double()> clock) { clock_ = std::move(clock); }

  void serialize(Serializer& s);

 private:
  struct Entry {
    std::shared_ptr<Extension> extension;
    Trigger trigger;
    int priority;
    bool call_before_training;
  };

  void add(std::shared_ptr<Extension> extension, const ExtendOptions& options);
  void add_function(std::function<void(Trainer&)> f, const ExtendOptions& options);
  Entry* find(const std::string& name);
  std::vector<Entry*> by_priority();
  // Returns the signal that ended the loop; 0 if the stop trigger did.
  int loop(const std::vector<Entry*>& entries, bool stop_on_signal);
  [[noreturn]] void fail_on_type(const std::string& name) const;

  std::shared_ptr<Updater> updater_;
  Trigger stop_trigger_;
  std::string out_;
  Reporter reporter_;
  Observation observation_;
  std::vector<Entry> entries_;
  std::function<double()> clock_;
  std::optional<double> start_at_, final_elapsed_time_;
  double snapshot_elapsed_time_ = 0;
};

}  // namespace nn::training
