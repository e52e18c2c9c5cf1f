#include "nn/training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <limits>

#include "autograd/base/random.h"
#include "nn/files/json.h"
#include "nn/optimizers/optimizer.h"
#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/make_extension.h"

namespace nn::training {
namespace {

using autograd::Error;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Trainer::Trainer(std::shared_ptr<Updater> updater, Trigger stop_trigger, std::string out)
    : updater_(std::move(updater)),
      stop_trigger_(std::move(stop_trigger)),
      out_(std::move(out)),
      clock_(steady_seconds) {
  for (const auto& [name, optimizer] : updater_->get_all_optimizers())
    reporter_.add_observers(name, optimizer->target());
  updater_->connect_trainer(*this);
}

Trainer::~Trainer() = default;

Trainer::Entry* Trainer::find(const std::string& name) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.extension->name() == name;
  });
  return found == entries_.end() ? nullptr : &*found;
}

void Trainer::add(std::shared_ptr<Extension> extension, const ExtendOptions& options) {
  std::string name = options.name;
  if (name.empty()) name = extension->name();
  if (name.empty()) name = extension->default_name();
  if (name.empty())
    throw Error("Trainer: an extension must have a name, but a function was given without one");
  if (name == "training")
    throw Error(
        "Trainer: an extension must have another name than \"training\", but one was given it");
  std::string unique = name;
  for (int ordinal = 1; find(unique) != nullptr; ++ordinal)
    unique = fmt::format("{}_{}", name, ordinal);
  extension->set_name(unique);
  const Trigger trigger = options.trigger ? options.trigger : extension->default_trigger();
  const int priority = options.priority.value_or(extension->default_priority());
  entries_.push_back({std::move(extension), trigger, priority, options.call_before_training});
}

void Trainer::add_function(std::function<void(Trainer&)> f, const ExtendOptions& options) {
  add(std::make_shared<FunctionExtension>(std::move(f), MakeExtensionOptions()), options);
}

Extension& Trainer::get_extension(const std::string& name) const {
  if (const Entry* entry = const_cast<Trainer*>(this)->find(name)) return *entry->extension;
  std::string known;
  for (const Entry& entry : entries_)
    known += (known.empty() ? "" : ", ") + entry.extension->name();
  throw Error(fmt::format("Trainer: the name of an extension must be one of {}, but it is {}",
                          known.empty() ? "none was added" : known, name));
}

void Trainer::fail_on_type(const std::string& name) const {
  throw Error(fmt::format(
      "Trainer: the extension {} must have the requested type, but it has another", name));
}

std::vector<Trainer::Entry*> Trainer::by_priority() {
  std::vector<Entry*> entries;
  for (Entry& entry : entries_) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry* a, const Entry* b) { return a->priority > b->priority; });
  return entries;
}

int Trainer::loop(const std::vector<Entry*>& entries, bool stop_on_signal) {
  const bool over = stop_trigger_.passed(*this);
  while (!stop_trigger_(*this) && !over) {
    observation_.clear();
    const auto scope = reporter_.scope(observation_);
    updater_->update();
    for (Entry* entry : entries)
      if (entry->trigger(*this)) (*entry->extension)(*this);
    if (stop_on_signal && StopSignals::received() != 0) return StopSignals::received();
  }
  return 0;
}

void Trainer::run(const RunOptions& options) {
  if (final_elapsed_time_)
    throw Error("Trainer: run() must be called once, but the training is done");
  std::error_code error;
  std::filesystem::create_directories(out_, error);
  if (error)
    throw Error(
        fmt::format("Trainer: out must be a folder that can be created, but creating {} failed: {}",
                    out_, error.message()));

  const std::vector<Entry*> entries = by_priority();
  for (Entry* entry : entries) entry->extension->restore(*this);
  start_at_ = now();
  for (Entry* entry : entries)
    if (!entry->trigger.finished()) entry->extension->initialize(*this);
  if (is_before_training()) {
    observation_.clear();
    const auto scope = reporter_.scope(observation_);
    for (Entry* entry : entries)
      if (entry->call_before_training) (*entry->extension)(*this);
  }

  std::exception_ptr failure;
  const auto keep_first = [&failure](const auto& f) {
    try {
      f();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  };
  const auto say = [&options](const std::string& text) {
    if (options.show_loop_exception_msg != nullptr)
      text::put(options.show_loop_exception_msg, text, "Trainer");
  };
  int signal = 0;
  std::string left;
  std::optional<StopSignals> signals;
  if (options.stop_on_signal) signals.emplace();
  try {
    signal = loop(entries, options.stop_on_signal);
    if (signal != 0)
      for (Entry* entry : entries)
        if (std::string file = entry->extension->on_stop(*this); !file.empty())
          left = std::move(file);
  } catch (const std::exception& e) {
    failure = std::current_exception();
    say(fmt::format(
        "Exception in main training loop: {}\n"
        "Will finalize trainer extensions and updater before reraising the exception.\n",
        e.what()));
    for (Entry* entry : entries) {
      try {
        entry->extension->on_error(*this, e);
      } catch (const std::exception& in_handler) {
        say(fmt::format("Exception in error handler: {}\n", in_handler.what()));
      }
    }
  } catch (...) {
    failure = std::current_exception();
  }
  for (Entry* entry : entries) keep_first([&] { entry->extension->finalize(); });
  keep_first([&] { updater_->finalize(); });
  // A signal that came too late to end the training is raised again, as if it had come a moment
  // later.
  const int late = signals && signal == 0 ? StopSignals::received() : 0;
  signals.reset();
  if (failure) std::rethrow_exception(failure);
  if (signal != 0) throw Interrupted(signal, updater_->iteration(), left);
  final_elapsed_time_ = elapsed_time();
  if (late != 0) std::raise(late);
}

double Trainer::elapsed_time() const {
  if (final_elapsed_time_) return *final_elapsed_time_;
  if (!start_at_)
    throw Error("Trainer: elapsed_time() must be called after run() has begun, but it has not");
  return now() - *start_at_ + snapshot_elapsed_time_;
}

namespace {

// The polar method's deviates of doubles are below sqrt(-2 log(2^-106)) = 12.2 in size.
constexpr double kMostDeviate = 13;

// The state of the default generator. Its parts have the names of numpy.random.get_state().
void serialize_random(Serializer& s) {
  if (!s.is_saving() && !s.contains_any({"keys", "pos", "has_gauss", "cached_gaussian"})) return;
  autograd::random::State state = autograd::random::generator().state();
  std::vector<std::int64_t> words(state.key.begin(), state.key.end());
  words = s.value("keys", autograd::Array::from<std::int64_t>(words)).to_vector<std::int64_t>();
  for (std::size_t i = 0; i < words.size(); ++i) {
    state.key[i] = static_cast<std::uint32_t>(words[i]);
    s.require(state.key[i] == words[i], "keys", "words of 32 bits",
              fmt::format("{} at {}", words[i], i));
  }
  // The recurrence ignores the low bits of the first word. If all other bits are 0, all numbers are
  // 0.
  s.require(state.key[0] >> 31 != 0 || std::any_of(state.key.begin() + 1, state.key.end(),
                                                   [](std::uint32_t w) { return w != 0; }),
            "keys", "words of which one is not 0", "zeros");
  std::int64_t pos = state.pos;
  s.within("pos", pos, 0, autograd::random::State::kWords);
  state.pos = static_cast<std::int32_t>(s.is_loading() ? pos : state.pos);
  state.has_gauss = s.value("has_gauss", state.has_gauss);
  s.within("cached_gaussian", state.cached_gaussian, -kMostDeviate, kMostDeviate);
  if (s.is_loading()) autograd::random::generator().set_state(state);
}

// At the beginning of an iteration, the stop trigger sees the observation of the previous
// iteration. The previous iteration may have been before a resume.
void serialize_observation(Serializer& s, Observation& observation) {
  LogEntry scalars;
  for (const auto& [name, value] : observation)
    if (value.is_scalar()) scalars[name] = value.item();
  if (s.is_saving()) {
    s.value("_observation", json::dumps(std::vector{scalars}));
  } else if (s.contains("_observation")) {
    const std::vector<LogEntry> loaded = json::load_log(s.value("_observation", ""), "Trainer");
    if (!s.is_loading()) return;
    observation.clear();
    for (const LogEntry& entry : loaded)
      for (const auto& [name, value] : entry) observation[name] = double(value);
  }
}

}  // namespace

void Trainer::serialize(Serializer& s) {
  updater_->serialize(s["updater"]);
  stop_trigger_.serialize(s["stop_trigger"]);
  for (const Entry& entry : entries_) {
    const std::string& name = entry.extension->name();
    entry.extension->serialize(s["extensions"][name]);
    entry.trigger.serialize(s["extension_triggers"][name]);
  }
  serialize_random(s["random"]);
  serialize_observation(s, observation_);
  double elapsed = start_at_ ? elapsed_time() : snapshot_elapsed_time_;
  s.within("_snapshot_elapsed_time", elapsed, 0, std::numeric_limits<double>::max());
  if (s.is_loading()) snapshot_elapsed_time_ = elapsed;
}

}  // namespace nn::training
