#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "autograd/autograd.h"
#include "autograd/memory/sanitizer.h"
#include "tests/bounds/declared.h"
#include "tests/calls/arguments.h"

// Each public function is called with the numbers that stand at the ends of what an integer can be,
// or around the ends of what the function takes: in one argument after the other, and in two at
// once. Every such call gives a result of ordinary size, whose numbers can be read and differentiated, or
// an Error of one sentence: no other exception, nothing undefined (which the sanitizers see), no
// allocation of what the number claims, and no loop that long.

// An allocation of more than this fails under the address sanitizer; without it, one that comes
// near the limit that is set below.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=512";
}

namespace bounds {
namespace {

using namespace autograd;
using calls::Call;
using calls::Calls;
using calls::Int;
using calls::Number;

constexpr Int kNumbers[] = {INT64_MIN,
                            INT64_MIN + 1,
                            -(Int{1} << 62),
                            -(Int{1} << 33),
                            -(Int{1} << 32),
                            Int{INT_MIN} - 1,
                            INT_MIN,
                            INT_MIN + 1,
                            -9,
                            -5,
                            -4,
                            -3,
                            -2,
                            -1,
                            0,
                            1,
                            2,
                            3,
                            4,
                            5,
                            6,
                            7,
                            8,
                            9,
                            1 << 30,
                            INT_MAX - 1,
                            INT_MAX,
                            Int{INT_MAX} + 1,
                            Int{1} << 32,
                            (Int{1} << 32) + 1,
                            Int{1} << 33,
                            Int{1} << 61,
                            Int{1} << 62,
                            INT64_MAX - 1,
                            INT64_MAX};

constexpr double kSeconds = kKeepBlocks ? 0.5 : 10;  // of the processor; more is a loop
constexpr std::size_t kMostBytes = 1 << 24;          // of a result

// ---- limits of the process

// What ends a call that does not end by itself.
constexpr unsigned kEnd = 60;
char running[256];
void stop(int) {
  constexpr char kText[] = "this call does not end: ";
  static_cast<void>(!write(STDERR_FILENO, kText, sizeof kText - 1));
  static_cast<void>(!write(STDERR_FILENO, running, std::strlen(running)));
  static_cast<void>(!write(STDERR_FILENO, "\n", 1));
  _exit(1);
}

// Three gigabytes more than the program has at its start, whatever the machine has: less than 2^30
// floats take. oneDNN's code needs some hundred megabytes of it, and crashes where there are none.
class Limits : public ::testing::Environment {
 public:
  void SetUp() override {
    std::signal(SIGALRM, stop);
    if (!kKeepBlocks) return;  // a sanitizer: its shadow memory is larger
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit limit{};
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = std::min(
        limit.rlim_max, pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + (rlim_t{3} << 30));
    setrlimit(RLIMIT_AS, &limit);
  }
};
[[maybe_unused]] const auto* const limits =
    ::testing::AddGlobalTestEnvironment(new Limits);  // googletest deletes it

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// ---- the arguments

using Place = std::pair<std::string, int>;
Place place(const Number& number) { return {number.argument, number.part}; }

// Ordinary ones but for some that are changed. Notes what the call asks for.
class Changed : public calls::Ordinary {
 public:
  std::map<Place, Int> numbers;
  std::map<std::string, int> choices;

  std::map<Place, Number> asked;
  std::map<std::string, int> alternatives;

  int choice(const std::string& name, int n) override {
    EXPECT_TRUE(alternatives.emplace(name, n).second) << "two arguments are called " << name;
    const auto found = choices.find(name);
    return found == choices.end() ? 0 : found->second;
  }

 protected:
  Int draw(const Number& number) override {
    EXPECT_TRUE(asked.emplace(place(number), number).second)
        << "two arguments are called " << number.argument;
    const auto found = numbers.find(place(number));
    return found == numbers.end() ? number.ordinary : found->second;
  }
};

std::string describe(const Call& call, const Changed& arguments) {
  std::string text = call.name;
  for (const auto& [place, n] : arguments.numbers)
    text += ", " + place.first + "[" + std::to_string(place.second) + "] = " + std::to_string(n);
  for (const auto& [name, alternative] : arguments.choices)
    text += ", " + name + " the " + std::to_string(alternative) + "th way";
  return text;
}

// ---- the results

// All elements, unless they are too many to look at: a broadcast view may have any number.
std::vector<double> read(const Array& a) {
  return a.size() <= Int{kMostBytes} ? a.to_vector<double>() : std::vector<double>();
}

void check(const Variables& results, const Variables& inputs) {
  Variable total;
  for (const Variable& y : results) {
    if (!y) continue;
    for (const Int length : y.shape()) ASSERT_GE(length, 0);
    ASSERT_LE(y.array().storage()->bytes(), kMostBytes) << to_string(y.shape());
    if (y.size() > Int{kMostBytes}) continue;
    ASSERT_EQ(read(y.array()).size(), static_cast<std::size_t>(y.size()));
    if (!is_float(y.dtype())) continue;
    const Variable part = cast(sum(y), Dtype::float64);
    total = total ? total + part : part;
  }
  if (!total || !total.requires_grad()) return;
  total.backward();
  for (const Variable& x : inputs) {
    const Array g = x.grad();
    if (!g) continue;
    ASSERT_EQ(g.shape(), x.shape());
    ASSERT_EQ(g.dtype(), x.dtype());
    ASSERT_EQ(read(g).size(), static_cast<std::size_t>(g.size()));
  }
}

int count_of_calls = 0;

// The results, or none where the call is refused.
std::optional<Variables> run(const Call& call, Changed& arguments) {
  const std::string text = describe(call, arguments);
  SCOPED_TRACE(text);
  std::snprintf(running, sizeof running, "%s", text.c_str());
  random::seed(0);
  ++count_of_calls;
  std::optional<Variables> results;
  const double start = seconds();
  alarm(kEnd);
  try {
    results = call.call(arguments);
    check(*results, arguments.inputs());
  } catch (const Error& error) {
    results = {};
    EXPECT_THAT(error.what(), ::testing::MatchesRegex("[A-Za-z_0-9.]+: [^\n]+, but [^\n]+"));
  } catch (const std::exception& error) {
    ADD_FAILURE() << "must be an Error, but is " << error.what();
  }
  alarm(0);
  EXPECT_LT(seconds() - start, kSeconds);
  return results;
}

bool fits(const Number& number, Int n) { return !number.is_int || (n >= INT_MIN && n <= INT_MAX); }

std::vector<std::vector<double>> values(const Variables& results) {
  std::vector<std::vector<double>> all;
  for (const Variable& y : results) all.push_back(y ? read(y.array()) : std::vector<double>());
  return all;
}

// An axis is one of the array's, and a negative one counts from the end.
void check_axis(const Call& call, const Changed& arguments, const Number& number, Int n,
                const std::optional<Variables>& results) {
  if (!results) return;
  const std::string text = describe(call, arguments);
  EXPECT_GE(n, -number.ndim) << text;
  EXPECT_LT(n, number.ndim) << text;
  if (n >= 0) return;
  Changed from_start;
  from_start.choices = arguments.choices;
  from_start.numbers[place(number)] = n + number.ndim;
  const std::optional<Variables> same = run(call, from_start);
  ASSERT_TRUE(same) << text;
  EXPECT_EQ(values(*same), values(*results)) << text;
}

// Each number in each argument.
void sweep_one(const Call& call, const std::map<std::string, int>& choices) {
  Changed ordinary;
  ordinary.choices = choices;
  run(call, ordinary);
  for (const auto& [at, number] : ordinary.asked)
    for (const Int n : kNumbers) {
      if (!fits(number, n)) continue;
      Changed arguments;
      arguments.choices = choices;
      arguments.numbers[at] = n;
      const std::optional<Variables> results = run(call, arguments);
      // In another way of calling it, a number may play no part.
      if (number.ndim >= 0 && choices.empty()) check_axis(call, arguments, number, n, results);
    }
}

// The same number in all parts of two arguments: what is too large alone may be in proportion to
// another.
void sweep_two(const Call& call, const Changed& ordinary,
               const std::map<std::string, int>& choices) {
  std::map<std::string, std::vector<Number>> by_argument;
  for (const auto& [at, number] : ordinary.asked) by_argument[at.first].push_back(number);
  for (const auto& [a, first] : by_argument)
    for (const auto& [b, second] : by_argument) {
      if (b < a || (a == b && first.size() == 1)) continue;
      for (const Int n : kNumbers) {
        Changed arguments;
        arguments.choices = choices;
        for (const std::vector<Number>* numbers : {&first, &second})
          for (const Number& number : *numbers)
            arguments.numbers[place(number)] =
                number.is_int ? static_cast<Int>(static_cast<int>(n)) : n;
        run(call, arguments);
      }
    }
}

void sweep(const Call& call) {
  Changed ordinary;
  ASSERT_TRUE(run(call, ordinary)) << call.name << " must take its ordinary arguments";
  sweep_one(call, {});
  sweep_two(call, ordinary, {});
  for (const auto& [name, n] : ordinary.alternatives) {
    for (int alternative = 1; alternative < n; ++alternative)
      sweep_one(call, {{name, alternative}});
    // Without this argument others decide what it would be.
    if (name.ends_with(": none")) sweep_two(call, ordinary, {{name, 1}});
  }
}

// ---- the tests

struct Family {
  const char* name;
  Calls (*calls)();
};

class Bounds : public ::testing::TestWithParam<Family> {};

TEST_P(Bounds, GiveAResultOrAnError) {
  count_of_calls = 0;
  int arguments = 0;
  const Calls all = GetParam().calls();
  for (const Call& call : all) {
    Changed ordinary;
    call.call(ordinary);
    arguments += static_cast<int>(ordinary.asked.size());
    sweep(call);
  }
  RecordProperty("calls", count_of_calls);
  std::printf("%zu rows, %d numbers, %d calls\n", all.size(), arguments, count_of_calls);
}

INSTANTIATE_TEST_SUITE_P(Of, Bounds,
                         ::testing::Values(Family{"functions", calls::functions},
                                           Family{"arrays", calls::arrays},
                                           Family{"links", calls::links},
                                           Family{"data", calls::data}),
                         [](const auto& instance) { return instance.param.name; });

// What is called, and the numbers that are swept.
Declared called(const Calls& all) {
  Declared found;
  for (const Call& call : all) {
    found.names.insert(call.name);
    Changed ordinary;
    call.call(ordinary);
    for (const auto& [at, number] : ordinary.asked)
      found.numbers.insert(call.name + " " + at.first);
  }
  return found;
}

// Each function has a call, and each number that it takes is swept.
void expect_covered(const Calls& all, const Declared& declared, bool names,
                    const std::set<std::string>& exceptions) {
  const Declared covered = called(all);
  EXPECT_GT(declared.names.size(), 0u);
  EXPECT_GT(declared.numbers.size(), 0u);
  for (const std::string& name : names ? declared.names : std::set<std::string>()) {
    EXPECT_NE(covered.names.contains(name), exceptions.contains(name)) << "no call of " << name;
  }
  for (const std::string& number : declared.numbers) {
    EXPECT_NE(covered.numbers.contains(number), exceptions.contains(number))
        << "no call sweeps " << number;
  }
  for (const std::string& exception : exceptions)
    EXPECT_TRUE(declared.names.contains(exception) || declared.numbers.contains(exception))
        << "there is no " << exception;
}

TEST(Bounds, AllFunctionsAreCalled) {
  expect_covered(calls::functions(), functions_in(included_by("autograd/functions/functions.h")),
                 true, {});
}

TEST(Bounds, AllArrayFunctionsWithNumbersAreCalled) {
  // What is below the library's checks: these headers say that the caller has checked.
  const std::set<std::string> unchecked{"convolution.h", "cross_entropy.h", "launch.h",
                                        "map.h",         "normalize.h",     "onednn.h",
                                        "pooling.h",     "regions.h"};
  std::vector<std::string> headers;
  for (const std::string& header : headers_of("autograd/array"))
    if (!unchecked.contains(header.substr(header.rfind('/') + 1))) headers.push_back(header);
  Declared declared = functions_in(headers);
  declared.numbers.merge(members_in("autograd/array/array.h", "Array").numbers);
  // The memory that adopt() is given is as large as the caller says; array_test tries its shapes.
  expect_covered(calls::arrays(), declared, false, {"adopt shape"});
}

// In some constructors a number has a short name, since a member has the full one.
const std::map<std::string, std::vector<std::string>> kFullNames{
    {"ignored", {"ignore_label"}},
    {"in", {"in_channels"}},
    {"k", {"ksize"}},
    {"layers", {"n_layers"}},
    {"pool", {"pool_size"}},
    {"out", {"out_size", "out_channels"}},
    {"units", {"out_size"}},
    {"o1", {"out1"}},
    {"o3", {"out3"}},
    {"o33", {"out33"}},
    {"p3", {"proj3"}},
    {"p5", {"proj5"}},
    {"samples", {"sample_size"}},
    {"s", {"stride"}},
    {"p", {"pad"}},
    {"p33", {"proj33"}},
    {"proj", {"proj_pool"}},
    {"step", {"stride"}},
};

TEST(Bounds, AllLinksAreCalled) {
  Declared declared = constructors_in(headers_of("nn/links"));
  const Declared covered = called(calls::links());
  std::erase_if(declared.numbers, [&](const std::string& number) {
    const std::size_t space = number.find(' ');
    const auto full = kFullNames.find(number.substr(space + 1));
    return full != kFullNames.end() &&
           std::ranges::any_of(full->second, [&](const std::string& name) {
             return covered.numbers.contains(number.substr(0, space + 1) + name);
           });
  });
  // What takes no numbers: a link, the values of a whole network, labels.
  expect_covered(calls::links(), declared, true,
                 {"Classifier", "Classifier key", "Classifier label_key", "GoogLeNet", "Labels",
                  "PretrainedModel", "ResNetLayers", "ResNet50Layers", "ResNet101Layers",
                  "ResNet152Layers", "VGGLayers", "VGG16Layers", "VGG19Layers", "WeightHook"});
}

TEST(Bounds, AllDataWithNumbersAreCalled) {
  std::vector<std::string> headers = headers_of("nn/datasets");
  for (const std::string& header : headers_of("nn/iterators")) headers.push_back(header);
  Declared declared = functions_in(headers);
  declared.numbers.merge(constructors_in(headers).numbers);
  // The first two read files, then call image_dataset, which checks; iterators ask their dataset how
  // many examples it has.
  expect_covered(
      calls::data(), declared, false,
      {"get_cifar10 ndim", "get_cifar100 ndim", "get_mnist ndim", "get_fashion_mnist ndim",
       "get_kuzushiji_mnist ndim", "EpochOrder examples", "EpochOrder batch_size",
       "PrefetchIterator batch_size", "PrefetchIterator threads", "PrefetchIterator n_prefetch"});
}

}  // namespace
}  // namespace bounds
