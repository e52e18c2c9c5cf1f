#include "tests/golden_runner/training.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include "autograd/array/reduce.h"
#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/files/json.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/optimizers/optimizers.h"
#include "nn/serializers/save_load.h"
#include "nn/training/extensions/extensions.h"
#include "nn/training/make_extension.h"
#include "nn/training/trainer.h"
#include "nn/training/triggers/triggers.h"
#include "nn/training/updaters/standard_updater.h"
#include "tests/golden_runner/optimizers.h"
#include "tests/golden_runner/tree.h"
#include "tests/golden_runner/vae_net.h"

namespace golden {
namespace {

namespace T = nn::training;
namespace E = nn::training::extensions;
namespace F = autograd;
using Kind = Expression::Kind;
using ExtensionPointer = std::shared_ptr<T::Extension>;

[[noreturn]] void not_built(const Expression& e) {
  throw NotBuilt{"a training with " + (e.kind == Kind::call ? e.callee() : e.text)};
}

void require_all_arguments(const Arguments& given) {
  for (const std::string& name : given.unread())
    throw autograd::Error(
        fmt::format("{}: the runner must read every argument, but it does not read {}",
                    given.call().callee(), name));
}

// A trigger as Python writes it: (2, 'iteration'), triggers.OnceTrigger(). `number` is the value of
// an expression.
class Triggers {
 public:
  explicit Triggers(std::function<double(const Expression&)> number) : number_(std::move(number)) {}

  T::Trigger make(const Expression& e) const {
    if (e.kind == Kind::list && e.parts.size() == 2)
      return {number_(e.parts[0]), literal(e.parts[1]).text()};
    if (e.kind != Kind::call) not_built(e);
    Arguments given(e);
    const T::Trigger trigger = called(e.callee(), given);
    require_all_arguments(given);
    return trigger;
  }
  T::Trigger make(const Expression* e, const T::Trigger& otherwise) const {
    return e ? make(*e) : otherwise;
  }

 private:
  T::Trigger called(const std::string& name, Arguments& given) const {
    namespace triggers = nn::training::triggers;
    const auto text = [&](std::size_t position, const char* keyword) {
      return literal(*given.find(position, keyword)).text();
    };
    if (name == "IntervalTrigger")
      return triggers::IntervalTrigger(number_(*given.find(0, "period")), text(1, "unit"));
    if (name == "ManualScheduleTrigger") {
      const Expression& points = *given.find(0, "points");
      std::vector<double> all;
      if (points.kind == Kind::list)
        for (const Expression& point : points.parts) all.push_back(number_(point));
      else
        all.push_back(number_(points));
      return triggers::ManualScheduleTrigger(all, text(1, "unit"));
    }
    if (name == "MinValueTrigger")
      return triggers::MinValueTrigger(text(0, "key"), make(given.find(1, "trigger"), epoch()));
    if (name == "MaxValueTrigger")
      return triggers::MaxValueTrigger(text(0, "key"), make(given.find(1, "trigger"), epoch()));
    if (name == "OnceTrigger") return triggers::OnceTrigger(given.flag(0, "call_on_resume"));
    if (name == "TimeTrigger") return triggers::TimeTrigger(number_(*given.find(0, "period")));
    if (name == "EarlyStoppingTrigger")
      return triggers::EarlyStoppingTrigger(
          {.check_trigger = make(given.find(0, "check_trigger"), epoch()),
           .monitor = given.literal(1, "monitor").text("main/loss"),
           .patience = given.integer(2, "patience", 3),
           .mode = given.literal(3, "mode").text("auto"),
           .max_trigger = make(given.find(5, "max_trigger"), {100, "epoch"})});
    throw NotBuilt{name};
  }
  static T::Trigger epoch() { return {1, "epoch"}; }

  std::function<double(const Expression&)> number_;
};

std::optional<double> optional_number(Arguments& given, std::size_t position, const char* name) {
  const Value v = given.literal(position, name);
  return v.is(Value::Kind::null) ? std::nullopt : std::optional(v.number());
}

// A shift of a hyperparameter; null if the class is none.
ExtensionPointer make_shift(const Expression& e) {
  Arguments given(e);
  const std::string& name = e.callee();
  const auto number = [&](std::size_t position, const char* keyword) {
    return given.literal(position, keyword).number();
  };
  const auto pair = [&](std::size_t position, const char* keyword) {
    const Value both = given.literal(position, keyword);
    return std::pair(both.items().at(0).number(), both.items().at(1).number());
  };
  const auto options = [&](std::size_t position) {
    return E::ShiftOptions{.init = optional_number(given, position, "init"),
                           .target = optional_number(given, position + 1, "target")};
  };
  const auto attr = [&] { return given.literal(0, "attr").text(); };
  ExtensionPointer made;
  if (name == "ExponentialShift")
    made = std::make_shared<E::ExponentialShift>(attr(), number(1, "rate"), options(2));
  if (name == "LinearShift")
    made = std::make_shared<E::LinearShift>(attr(), pair(1, "value_range"), pair(2, "time_range"));
  if (name == "InverseShift")
    made = std::make_shared<E::InverseShift>(attr(), number(1, "gamma"), number(2, "power"),
                                             options(3));
  if (name == "PolynomialShift")
    made = std::make_shared<E::PolynomialShift>(
        attr(), number(1, "rate"), given.literal(2, "max_count").integer(), options(3));
  if (name == "StepShift")
    made =
        std::make_shared<E::StepShift>(attr(), number(1, "gamma"), number(2, "step"), options(3));
  if (name == "MultistepShift") {
    std::vector<double> steps;
    const Value given_steps = given.literal(2, "step_value");
    for (const Value& step : given_steps.items()) steps.push_back(step.number());
    made = std::make_shared<E::MultistepShift>(attr(), number(1, "gamma"), steps,
                                               optional_number(given, 3, "init"));
  }
  if (name == "WarmupShift")
    made = std::make_shared<E::WarmupShift>(attr(), optional_number(given, 1, "warmup_start"),
                                            given.literal(2, "warmup_iter").integer(),
                                            number(3, "init"));
  if (made) require_all_arguments(given);
  return made;
}

// O.SGD(lr=0.1)
std::unique_ptr<nn::Optimizer> optimizer_of(const Expression& e) {
  if (e.kind != Kind::call || e.positional() > 0) not_built(e);
  std::vector<Value> values;
  for (const std::string& keyword : e.keywords) values.push_back(literal(*e.keyword(keyword)));
  return make_optimizer(e.callee(), Value::map(e.keywords, values));
}

// ---------------------------------------------------------------------------------------------
// Schedules

// Counts iterations and computes nothing.
class Counted : public T::Updater {
 public:
  Counted(nn::Optimizer& optimizer, double epoch_length, std::function<void()> during)
      : optimizer_(optimizer), epoch_length_(epoch_length), during_(std::move(during)) {}
  void update() override {
    during_();
    ++iteration_;
  }
  std::map<std::string, nn::Optimizer*> get_all_optimizers() const override {
    return {{"main", &optimizer_}};
  }
  std::int64_t iteration() const override { return iteration_; }
  std::int64_t epoch() const override { return static_cast<std::int64_t>(epoch_detail()); }
  double epoch_detail() const override { return static_cast<double>(iteration_) / epoch_length_; }
  double previous_epoch_detail() const override {
    return static_cast<double>(iteration_ - 1) / epoch_length_;
  }
  bool is_new_epoch() const override {
    return std::floor(epoch_detail()) != std::floor(previous_epoch_detail());
  }
  void serialize(nn::Serializer& s) override { s("iteration", iteration_); }

 private:
  nn::Optimizer& optimizer_;
  double epoch_length_;
  std::function<void()> during_;
  std::int64_t iteration_ = 0;
};

struct Course {
  std::vector<double> during, after;
  nn::serializers::Dictionary saved;
};

// The course of the hyperparameter; from a snapshot on, if one is given.
Course course_of(const Value& entry, const std::string& out,
                 const nn::serializers::Dictionary* snapshot) {
  Course course;
  Tree model;
  const auto optimizer = optimizer_of(parse_python(entry["optimizer"].text()));
  optimizer->setup(model);
  double& attribute = optimizer->hyperparameter(entry["attribute"].text());
  T::Trainer trainer(Counted(*optimizer, entry["iterations_per_epoch"].number(),
                             [&] { course.during.push_back(attribute); }),
                     {entry["iterations"].integer(), "iteration"}, out);
  const Expression extension = parse_python(entry["extension"].text());
  const ExtensionPointer shift = make_shift(extension);
  if (!shift) not_built(extension);
  const std::vector<Value>& trigger = entry["trigger"].items();
  trainer.extend(shift, {.trigger = {trigger.at(0).number(), trigger.at(1).text()}});
  const int resumed_at = entry["resumed_at"].integer();
  const auto always = [](T::Trainer&) { return true; };
  trainer.extend(
      [&](T::Trainer& t) {
        course.after.push_back(attribute);
        if (t.updater().iteration() == resumed_at)
          course.saved = nn::serializers::save(nn::serializers::serialize_of(t));
      },
      {.name = "noting", .trigger = always, .priority = -1});
  if (snapshot) nn::serializers::load(*snapshot, nn::serializers::serialize_of(trainer));
  trainer.run();
  return course;
}

class Schedule {
 public:
  Schedule(const Value& entry, Store& store, const std::string& file, Report& report)
      : entry_(entry), store_(store), file_(file), report_(report) {}

  void check() {
    const Folder folder;
    const Course course = course_of(entry_, folder.path(), nullptr);
    // Where Chainer's run ended with an error, this one goes on.
    const bool ended = entry_.has("error");
    compare("during", course.during, stored("during"), ended);
    compare("after", course.after, stored("after"), ended);
    check_saved(course.saved);
    const Course resumed = course_of(entry_, folder.path(), &course.saved);
    const auto from = static_cast<std::ptrdiff_t>(entry_["resumed_at"].integer());
    if (entry_["resume_is_exact"].flag()) {
      const bool ended_again = entry_.has("resumed_error");
      compare("resumed_during", resumed.during, stored("resumed_during"), ended_again);
      compare("resumed_after", resumed.after, stored("resumed_after"), ended_again);
    } else {
      // Chainer's resumed run has other values than its run that was not stopped; this library's has
      // the same.
      compare("resumed_during", resumed.during, rest(stored("during"), from), false);
      compare("resumed_after", resumed.after, rest(stored("after"), from), false);
    }
  }

 private:
  using Numbers = std::vector<double>;

  Numbers stored(const std::string& part) const {
    return store_.array(file_, entry_["name"].text() + "/" + part).to_vector<double>();
  }
  static Numbers rest(const Numbers& all, std::ptrdiff_t from) {
    return {all.begin() + from, all.end()};
  }
  void compare(const std::string& part, const Numbers& got, const Numbers& expected,
               bool may_be_longer) {
    report_.expect(may_be_longer ? got.size() >= expected.size() : got.size() == expected.size(),
                   part, fmt::format("there are {} values, not {}", got.size(), expected.size()));
    for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i)
      report_.expect(std::fabs(got[i] - expected[i]) <= 1e-15 * std::fabs(expected[i]), part,
                     fmt::format("value {} is {}, not {}", i, got[i], expected[i]));
  }
  void check_saved(const nn::serializers::Dictionary& saved) {
    const Value& said = entry_["saved"];
    for (const auto& [key, value] : saved)
      if (key.starts_with("extensions/"))
        report_.expect(said.has(key), "saved", key + " is not in Chainer's snapshot");
    for (const std::string& key : said.keys()) {
      const auto found = saved.find(key);
      report_.expect(found != saved.end(), "saved", key + " is missing");
      if (found == saved.end()) continue;
      const double got = std::get<Array>(found->second).item(), number = said[key].number();
      report_.expect(std::fabs(got - number) <= 1e-15 * std::fabs(number), "saved",
                     fmt::format("{} is {}, not {}", key, got, number));
    }
  }

  const Value& entry_;
  Store& store_;
  const std::string& file_;
  Report& report_;
};

// ---------------------------------------------------------------------------------------------
// A long run

// The VAE of the recorded run, which reports two plain numbers besides.
struct Counting : Vae {
  using Vae::Vae;
  Variable operator()(const Variable& x) {
    const auto rows = static_cast<double>(x.length(0));
    const auto [mu, ln_var] = encode(x);
    const Variable rec = F::bernoulli_nll(x, logits(F::gaussian(mu, ln_var))) / rows;
    const Variable latent = F::gaussian_kl_divergence(mu, ln_var) / rows;
    const Variable loss = rec + latent;
    nn::report({{"loss", loss},
                {"rec_loss", rec},
                {"latent_loss", latent},
                {"rec_sum", rec.item() * rows},
                {"rows", x.length(0)}},
               *this);
    return loss;
  }
};

// The trainer that the lines of Python make.
class LongRun {
 public:
  LongRun(const Value& entry, const nn::NpzReader& file, const std::string& print_report,
          const std::string& out)
      : entry_(entry),
        file_(file),
        out_(out),
        printed_columns_(words(print_report.substr(0, print_report.find('\n')))),
        screen_(std::tmpfile()) {}
  ~LongRun() { std::fclose(screen_); }
  LongRun(const LongRun&) = delete;
  LongRun& operator=(const LongRun&) = delete;

  // Everything up to trainer.run().
  void build(std::uint32_t seed) {
    F::random::seed(seed);
    const std::vector<int> dims = entry_["dims"].integers();
    model_ = std::make_unique<Counting>(dims.at(0), dims.at(2), dims.at(1));
    std::istringstream source(entry_["source"].text());
    bool inside = false;
    for (std::string line; std::getline(source, line);) {
      const std::size_t indent = line.find_first_not_of(' ');
      if (indent == std::string::npos) continue;
      line = line.substr(indent);
      if (line.starts_with("def ")) {
        inside = line.starts_with("def big_trainer");
        static const std::regex kDefault(R"(max_epoch=(\d+))");
        std::smatch found;
        if (std::regex_search(line, found, kDefault)) max_epoch_ = std::stod(found[1]);
      } else if (inside) {
        read(plain(line));
      }
    }
    if (!trainer_) throw NotBuilt{"a training without a trainer"};
  }
  T::Trainer& trainer() { return *trainer_; }
  nn::Optimizer& optimizer() { return *optimizer_; }
  Counting& model() { return *model_; }
  const std::vector<std::pair<std::string, int>>& calls() const { return calls_; }
  std::string screen() const {
    std::fflush(screen_);
    std::rewind(screen_);
    std::string text;
    for (int c; (c = std::fgetc(screen_)) != EOF;) text += static_cast<char>(c);
    return text;
  }
  // What Chainer's MultistepShift and WarmupShift do when a training is resumed: they set the
  // hyperparameter to its first value again.
  void start_schedules_anew() {
    trainer_->extend(
        T::make_extension([](T::Trainer&) {}, {.trigger = [](T::Trainer&) { return false; },
                                               .default_name = "schedules_anew",
                                               .priority = -2000,
                                               .initializer =
                                                   [this](T::Trainer&) {
                                                     for (const auto& [attr, value] : first_values_)
                                                       optimizer_->hyperparameter(attr) = value;
                                                   }}));
  }

 private:
  static std::vector<std::string> words(const std::string& line) {
    std::istringstream text(line);
    std::vector<std::string> all;
    for (std::string word; text >> word;) all.push_back(word);
    return all;
  }

  // The line without lambdas: note('once') and statistics('mean', 'max').
  static std::string plain(const std::string& line) {
    static const std::regex kNote(
        R"(lambda t: look\.append\(\((['"]\w+['"]), t\.updater\.iteration\)\))");
    static const std::regex kStatistic(R"('(\w+)': lambda a: a\.\1\(\))");
    static const std::regex kStatistics(R"(\{('\w+'(?:, '\w+')*)\})");
    std::string text = std::regex_replace(line, kNote, "note($1)");
    text = std::regex_replace(text, kStatistic, "'$1'");
    return std::regex_replace(text, kStatistics, "statistics($1)");
  }

  double number(const Expression& e) const {
    if (e.kind == Kind::name && e.text == "max_epoch") return max_epoch_;
    return literal(e).number();
  }
  T::Trigger trigger(const Expression& e) const { return triggers().make(e); }
  Triggers triggers() const {
    return Triggers([this](const Expression& e) { return number(e); });
  }

  static bool is(const std::string& line, std::string_view left) {
    return line.starts_with(std::string(left) + " = ");
  }
  static Expression right_of(const std::string& line) {
    return parse_python(line.substr(line.find(" = ") + 3));
  }

  void read(const std::string& line) {
    if (is(line, "model") || line.starts_with("return ")) return;
    if (is(line, "opt")) return read_optimizer(right_of(line));
    if (line.starts_with("opt.add_hook(")) return read_hook(parse_python(line));
    if (is(line, "it")) {
      iterator_ = iterator(right_of(line), "data");
    } else if (is(line, "stop")) {
      stop_ = trigger(right_of(line));
    } else if (is(line, "updater")) {
      updater_ = std::make_shared<T::StandardUpdater>(*iterator_, *optimizer_, *model_);
    } else if (is(line, "trainer")) {
      trainer_ = std::make_unique<T::Trainer>(updater_, stop_, out_);
    } else if (line.starts_with("trainer.extend(")) {
      extend(parse_python(line));
    } else {
      throw NotBuilt{"a training with the line " + line};
    }
  }

  // O.MomentumSGD(lr=0.05).setup(model)
  void read_optimizer(const Expression& e) {
    if (e.callee() != "setup") not_built(e);
    optimizer_ = optimizer_of(e.parts[0].parts[0]);
    optimizer_->setup(*model_);
  }
  void read_hook(const Expression& e) {
    const Expression& hook = e.parts.at(1);
    if (hook.callee() != "WeightDecay") not_built(hook);
    optimizer_->add_hook(nn::optimizer_hooks::WeightDecay{number(hook.parts.at(1))});
  }
  // chainer.iterators.SerialIterator(data, 4)
  std::unique_ptr<nn::iterators::SerialIterator> iterator(const Expression& e,
                                                          const std::string& name) {
    Arguments given(e);
    if (e.callee() != "SerialIterator" || given.find(0, "dataset")->text != name) not_built(e);
    auto made = std::make_unique<nn::iterators::SerialIterator>(
        nn::datasets::TupleDataset(file_.array(name)), given.integer(1, "batch_size", 0),
        nn::iterators::IteratorOptions{.repeat = given.flag(2, "repeat", true),
                                       .shuffle = given.flag(3, "shuffle", true)});
    require_all_arguments(given);
    return made;
  }

  void extend(const Expression& call) {
    Arguments given(call);
    const Expression& what = *given.find(0, "extension");
    T::ExtendOptions options;
    if (const Expression* name = given.find(1, "name")) options.name = literal(*name).text();
    if (const Expression* when = given.find(2, "trigger")) options.trigger = trigger(*when);
    if (const Expression* first = given.find(3, "priority"))
      options.priority = static_cast<int>(number(*first));
    require_all_arguments(given);
    Arguments arguments(what);
    trainer_->extend(extension(what, arguments), options);
    if (!is_shift_) require_all_arguments(arguments);
  }

  ExtensionPointer extension(const Expression& e, Arguments& given) {
    is_shift_ = false;
    if (ExtensionPointer shift = make_shift(e)) {
      is_shift_ = true;
      note_first_value(e);
      return shift;
    }
    const std::string& name = e.callee();
    if (name == "note") {
      const std::string what = given.literal(0, "name").text();
      return std::make_shared<T::FunctionExtension>(
          [this, what](T::Trainer& t) {
            calls_.emplace_back(what, static_cast<int>(t.updater().iteration()));
          },
          T::MakeExtensionOptions{});
    }
    if (name == "Evaluator") {
      test_iterator_ = iterator(*given.find(0, "iterator"), "test");
      require_name(given.find(1, "target"), "model");
      return std::make_shared<E::Evaluator>(*test_iterator_, *model_);
    }
    if (name == "observe_lr")
      return std::make_shared<E::ObserveValue>(
          E::observe_lr(given.literal(0, "optimizer_name").text("main"),
                        given.literal(1, "observation_key").text("lr")));
    if (name == "MicroAverage")
      return std::make_shared<E::MicroAverage>(
          given.literal(0, "numerator_key").text(), given.literal(1, "denominator_key").text(),
          given.literal(2, "result_key").text(),
          triggers().make(given.find(3, "trigger"), {1, "epoch"}));
    if (name == "FailOnNonNumber") return std::make_shared<E::FailOnNonNumber>();
    if (name == "ParameterStatistics") return statistics(given);
    if (name == "LogReport") {
      E::LogReportOptions options;
      if (const Expression* keys = given.find(0, "keys"); keys && keys->kind == Kind::list) {
        const Value chosen = literal(*keys);
        options.keys.emplace();
        for (const Value& key : chosen.items()) options.keys->push_back(key.text());
      }
      options.trigger = triggers().make(given.find(1, "trigger"), {1, "epoch"});
      options.filename = given.literal(3, "filename").text("log");
      return std::make_shared<E::LogReport>(options);
    }
    if (name == "PrintReport") {
      require_name(given.find(0, "entries"), "PRINTED");
      require_name(given.find(2, "out"), "text");
      return std::make_shared<E::PrintReport>(
          printed_columns_, E::PrintReportOptions{.out = screen_, .to_files = true});
    }
    if (name == "snapshot")
      return std::make_shared<E::Snapshot>(E::snapshot(
          {.filename = given.literal(3, "filename").text("snapshot_iter_{.updater.iteration}")}));
    if (name == "snapshot_object") {
      require_name(given.find(0, "target"), "model");
      return std::make_shared<E::Snapshot>(
          E::snapshot_object(*model_, given.literal(1, "filename").text()));
    }
    not_built(e);
  }

  static void require_name(const Expression* e, const std::string& name) {
    if (!e || e->kind != Kind::name || e->text != name)
      throw NotBuilt{"a training with another " + name};
  }

  void note_first_value(const Expression& e) {
    Arguments given(e);
    std::optional<double> first;
    if (e.callee() == "MultistepShift") first = optional_number(given, 3, "init");
    if (e.callee() == "WarmupShift") first = optional_number(given, 1, "warmup_start");
    if (first) first_values_.emplace_back(given.literal(0, "attr").text(), *first);
  }

  ExtensionPointer statistics(Arguments& given) {
    const Expression& link = *given.find(0, "links");
    if (link.kind != Kind::attribute) not_built(link);
    nn::Link* found = nullptr;
    for (const auto& [path, member] : model_->namedlinks())
      if (path == "/" + link.text) found = member;
    if (!found) not_built(link);
    const Expression& functions = *given.find(1, "statistics");
    nn::Dict<E::Statistic> statistics;
    for (std::size_t i = 1; i < functions.parts.size(); ++i) {
      const std::string name = literal(functions.parts[i]).text();
      const E::Statistic* const known = known_.find(name);
      if (!known) throw NotBuilt{"the statistic " + name};
      statistics[name] = *known;
    }
    return std::make_shared<E::ParameterStatistics>(
        std::vector<nn::Link*>{found}, statistics,
        E::ParameterStatisticsOptions{
            .report_params = given.flag(2, "report_params", true),
            .report_grads = given.flag(3, "report_grads", true),
            .prefix = given.literal(4, "prefix").text(""),
            .trigger = triggers().make(given.find(5, "trigger"), {1, "epoch"}),
            .skip_nan_params = given.flag(6, "skip_nan_params")});
  }

  const Value& entry_;
  const nn::NpzReader& file_;
  std::string out_;
  std::vector<std::string> printed_columns_;
  std::FILE* screen_;
  double max_epoch_ = 0;
  bool is_shift_ = false;
  const nn::Dict<E::Statistic> known_ = E::default_statistics();
  std::unique_ptr<Counting> model_;
  std::unique_ptr<nn::Optimizer> optimizer_;
  std::unique_ptr<nn::iterators::SerialIterator> iterator_, test_iterator_;
  T::Trigger stop_;
  std::shared_ptr<T::StandardUpdater> updater_;
  std::unique_ptr<T::Trainer> trainer_;
  std::vector<std::pair<std::string, double>> first_values_;
  std::vector<std::pair<std::string, int>> calls_;
};

constexpr double kTolerance = 1e-5;  // the run was in float32

double error_of(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  return std::fabs(a - b) / std::max(1.0, std::fabs(b));
}

}  // namespace

Folder::Folder() {
  static int count = 0;
  path_ = (std::filesystem::temp_directory_path() /
           fmt::format("golden_training_{}_{}", static_cast<const void*>(this), ++count))
              .string();
  std::filesystem::remove_all(path_);
  std::filesystem::create_directory(path_);
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void run_schedules(const Value& manifest, Store& store, Report& report) {
  const Value& schedules = manifest["schedules"];
  for (const Value& entry : schedules["cases"].items())
    report.run("schedules/" + entry["name"].text(), [&] {
      const std::string& file = schedules["file"].text();
      Schedule(entry, store, file, report).check();
      require_all_read(entry, {"error", "resumed_error"});
    });
}

void TrainingFiles::run(bool resumed) {
  const std::string which = resumed ? "resumed" : "run", ending = resumed ? "_resumed" : "";
  const Value& entry = files_["trainer.npz"];
  const nn::NpzReader& file = store_.open("chainer_files/trainer.npz");
  const std::string out = folder_.path() + "/" + which;
  LongRun run(entry, file, text_of_file(store_.path("chainer_files/trainer_print_report.txt")),
              out);
  run.build(static_cast<std::uint32_t>(entry["seed" + ending].integer()));
  run.trainer().set_clock([now = 0.0]() mutable { return now += 0.125; });
  const auto compare_parameters = [&](const std::string& part, const std::string& key,
                                      std::optional<std::int64_t> row) {
    for (const auto& [path, parameter] : parameters(run.model())) {
      const Array expected = file.array(which + "/" + key + "/" + path);
      report_.compare(part, path, parameter.array(), row ? expected.select(0, *row) : expected,
                      row ? kTolerance : 1e-6);
    }
  };
  std::vector<std::vector<double>> seen;
  run.trainer().extend(
      [&](T::Trainer& t) {
        const auto observed = [&](const char* key) {
          const nn::Observed* value = t.observation().find(key);
          return value ? value->item() : std::nan("");
        };
        seen.push_back(
            {static_cast<double>(t.updater().iteration()), static_cast<double>(t.updater().epoch()),
             run.optimizer().hyperparameter("lr"), run.optimizer().hyperparameter("momentum"),
             observed("main/loss"), observed("validation/main/loss"), observed("ratio")});
        compare_parameters(fmt::format("params after {}", t.updater().iteration()), "params",
                           static_cast<std::int64_t>(seen.size()) - 1);
      },
      {.name = "seen", .trigger = [](T::Trainer&) { return true; }, .priority = -1000});
  if (resumed) {
    nn::serializers::load_npz(store_.path("chainer_files/trainer_snapshot_iter_5"), run.trainer());
    run.start_schedules_anew();
  }
  compare_parameters("start", "start", {});
  run.trainer().run();

  const std::vector<double> expected = file.array(which + "/seen").to_vector<double>();
  const std::size_t columns = 7;
  report_.expect(
      seen.size() * columns == expected.size(), "seen",
      fmt::format("there are {} iterations, not {}", seen.size(), expected.size() / columns));
  for (std::size_t row = 0; row < std::min(seen.size(), expected.size() / columns); ++row)
    for (std::size_t k = 0; k < columns; ++k)
      report_.expect(error_of(seen[row][k], expected[row * columns + k]) <= kTolerance, "seen",
                     fmt::format("column {} of row {} is {}, not {}", k, row, seen[row][k],
                                 expected[row * columns + k]));
  report_.expect(run.trainer().updater().iteration() == entry["iterations" + ending].integer(),
                 "iterations", "it ends elsewhere");
  std::vector<std::pair<std::string, int>> calls;
  for (const Value& call : entry["calls" + ending].items())
    calls.emplace_back(call.items().at(0).text(), call.items().at(1).integer());
  report_.expect(calls == run.calls(), "calls", "the triggers fire at other iterations");
  std::set<std::string> found, said;
  for (const auto& each : std::filesystem::directory_iterator(out))
    found.insert(each.path().filename().string());
  for (const Value& name : entry["files" + ending].items()) said.insert(name.text());
  report_.expect(found == said, "files", "there are other files");
  screens_[resumed] = run.screen();
}

bool TrainingFiles::check(const std::string& name) {
  if (name == "trainer.npz") {
    run(false);
    run(true);
    files_[name]["dims"];
    files_[name]["batch"];
    return true;
  }
  const bool resumed = name.find("_resumed") != std::string::npos;
  if (name.starts_with("trainer_print_report")) {
    require_run(resumed);
    report_.expect(screens_[resumed] == text_of_file(store_.path("chainer_files/" + name)), "text",
                   "something else is printed");
    return true;
  }
  if (name.starts_with("trainer_log")) {
    require_run(resumed);
    check_log(name, resumed);
    return true;
  }
  return false;
}

void TrainingFiles::require_run(bool resumed) {
  if (!screens_.contains(resumed)) run(resumed);
}

// The lines that Chainer wrote, the same that are written here, and the form of the file.
void TrainingFiles::check_log(const std::string& name, bool resumed) {
  const std::string text = text_of_file(store_.path("chainer_files/" + name));
  const std::vector<nn::LogEntry> theirs = nn::json::load_log(text, name);
  report_.expect(nn::json::dumps_indented(theirs) == text, "text",
                 "it would be written in another form");
  const std::string ours_name = name.find("log_epoch") != std::string::npos ? "log_epoch" : "log";
  const std::vector<nn::LogEntry> ours = nn::json::load_log(
      text_of_file(folder_.path() + (resumed ? "/resumed/" : "/run/") + ours_name), "ours");
  const std::vector<Value>& lines = files_[name]["lines"].items();
  report_.expect(ours.size() == theirs.size() && lines.size() == theirs.size(), "lines",
                 fmt::format("there are {}, not {}", ours.size(), theirs.size()));
  for (std::size_t i = 0; i < std::min({ours.size(), theirs.size(), lines.size()}); ++i) {
    std::vector<std::string> found, said;
    for (const auto& [key, value] : ours[i]) found.push_back(key);
    for (const Value& key : lines[i].items()) said.push_back(key.text());
    report_.expect(found == said, "keys", fmt::format("line {} has other keys", i));
    for (const auto& [key, value] : theirs[i])
      if (const nn::Number* number = ours[i].find(key))
        report_.expect(
            error_of(double(*number), double(value)) <= kTolerance, "values",
            fmt::format("{} of line {} is {}, not {}", key, i, double(*number), double(value)));
  }
}

std::string text_of_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace golden
