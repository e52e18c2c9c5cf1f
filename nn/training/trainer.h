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
  // Where to say that an exception ended the training, before extensions are finalised: stderr.
  // Nowhere unless given.
  std::FILE* show_loop_exception_msg = nullptr;
  // Let SIGINT (Ctrl-C) and SIGTERM end the training after the iteration in which they come: the
  // snapshot extensions take a snapshot, and run() throws Interrupted, which names it. A training
  // that goes on from there gives the numbers of one that was not stopped. A second signal ends the
  // program at once. Without this, run() leaves signals alone.
  bool stop_on_signal = false;
};

// The training loop: chainer.training.Trainer. Until the stop trigger fires, each iteration updates
// the parameters and runs the extensions whose triggers fire, those of higher priority first, and
// among equals in the order of extend().
//
//   nn::iterators::SerialIterator train_iter(train, 100);
//   training::StandardUpdater updater(train_iter, optimizer, model);
//   training::Trainer trainer(updater, {20, "epoch"}, "result");
//   trainer.extend(extensions::Evaluator(test_iter, model));
//   trainer.extend(extensions::LogReport());
//   trainer.run();
//
// Updaters and extensions that have a name of their own in the program are used where they are and
// must live as long as the trainer; temporaries are taken over.
//
// A trainer can be saved and loaded. The state of the default random generator is part of it, so
// that a training that was resumed gives the numbers of one that was never stopped. In a snapshot
// of Chainer that state is missing, and the generator stays as it is.
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

  // Registers an extension and returns it. A name that is taken gets _1, _2, ... appended. Throws
  // on the name "training".
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
  // A function as an extension, which needs options.name.
  template <class F>
  requires(!std::derived_from<std::remove_cvref_t<F>, Extension> &&
           std::invocable<F&, Trainer&>) void extend(F f, const ExtendOptions& options) {
    add_function(std::move(f), options);
  }

  // Throws if there is no extension of that name, or none of that type.
  Extension& get_extension(const std::string& name) const;
  template <class E>
  E& get_extension(const std::string& name) const {
    if (E* extension = dynamic_cast<E*>(&get_extension(name))) return *extension;
    fail_on_type(name);
  }

  // Trains until the stop trigger fires; not at all where it lies behind, as in a training of 4
  // epochs that is resumed with a stop trigger of 3. Makes the folder `out`. An exception of an update or an
  // extension goes to the extensions' on_error(); then extensions and updater are finalised and it
  // is thrown again. Throws if the training is done already, and if `out` cannot be made; Interrupted
  // where a signal ended the training that options.stop_on_signal lets end it.
  void run(const RunOptions& options = {});

  Updater& updater() const { return *updater_; }
  const Trigger& stop_trigger() const { return stop_trigger_; }
  const std::string& out() const { return out_; }
  Reporter& reporter() { return reporter_; }
  // What was reported in this iteration.
  Observation& observation() { return observation_; }
  const Observation& observation() const { return observation_; }

  bool is_before_training() const { return updater_->iteration() == 0; }
  // Seconds of training, those before a resume included. Throws before run().
  double elapsed_time() const;
  // Seconds since some moment. Tests bring a clock of their own.
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
  // Returns the signal that ended it, 0 where the stop trigger did.
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
