#include "nn/iterators/multithread_iterator.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "autograd/base/random.h"
#include "autograd/graph/config.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/serializers/save_load.h"
#include "tests/message.h"

namespace nn::iterators {
namespace {

using autograd::Array;
using autograd::Error;
using datasets::Example;
using ::testing::ElementsAre;

// The numbers 0, 1, ..., each after some time.
class Slow : public datasets::Dataset {
 public:
  explicit Slow(std::int64_t n, std::chrono::microseconds time = {}) : n_(n), time_(time) {}
  std::int64_t size() const override { return n_; }
  Example get_example(std::int64_t i) const override {
    if (time_.count() > 0) std::this_thread::sleep_for(time_);
    return i;
  }

 private:
  std::int64_t n_;
  std::chrono::microseconds time_;
};

std::vector<std::int64_t> next_of(Iterator& it) {
  const std::optional<Batch> batch = it.next();
  if (!batch) return {-1};
  return datasets::concat_examples(*batch)[0].array().to_vector<std::int64_t>();
}

struct Progress {
  std::vector<std::int64_t> batch;
  std::int64_t epoch;
  bool is_new_epoch;
  double detail;
  std::optional<double> previous;
  double drawn;  // by somebody else, after the batch

  bool operator==(const Progress&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Progress& p) {
  for (const std::int64_t i : p.batch) out << i << ' ';
  return out << "epoch " << p.epoch << " detail " << p.detail << " drawn " << p.drawn;
}

// What the iterator gives in a training that draws random numbers itself.
std::vector<Progress> progress(Iterator& it, int batches) {
  std::vector<Progress> all;
  for (int i = 0; i < batches; ++i) {
    const std::vector<std::int64_t> batch = next_of(it);
    all.push_back({batch, it.epoch(), it.is_new_epoch(), it.epoch_detail(),
                   it.previous_epoch_detail(), autograd::random::generator().rand()});
  }
  return all;
}

TEST(MultithreadIterator, GivesWhatSerialIteratorGives) {
  for (const bool repeat : {true, false})
    for (const bool shuffle : {true, false})
      for (const std::int64_t n : {1, 2, 10, 11, 12})
        for (const std::int64_t size : {1, 3, 4, 30})
          for (const int threads : {1, 3}) {
            SCOPED_TRACE(::testing::Message() << repeat << shuffle << " " << n << " in " << size);
            autograd::random::seed(3);
            SerialIterator serial(Slow(n), size, {.repeat = repeat, .shuffle = shuffle});
            const auto expected = progress(serial, 12);
            autograd::random::seed(3);
            MultithreadIterator threaded(
                Slow(n), size, {.repeat = repeat, .shuffle = shuffle, .n_threads = threads});
            EXPECT_EQ(progress(threaded, 12), expected);
            autograd::random::seed(3);
            MultiprocessIterator far(
                Slow(n), size,
                {.repeat = repeat, .shuffle = shuffle, .n_processes = threads, .n_prefetch = 5});
            EXPECT_EQ(progress(far, 12), expected);
          }
}

TEST(MultithreadIterator, StartsAgainAfterAReset) {
  MultithreadIterator it(Slow(5), 2, {.repeat = false, .shuffle = false});
  EXPECT_THAT(next_of(it), ElementsAre(0, 1));
  it.reset();
  EXPECT_THAT(next_of(it), ElementsAre(0, 1));
  EXPECT_THAT(next_of(it), ElementsAre(2, 3));
  it.finalize();
  EXPECT_THAT(next_of(it), ElementsAre(4));
  EXPECT_THAT(next_of(it), ElementsAre(-1));
}

TEST(MultithreadIterator, HasSnapshotsInTheMiddleOfAnEpoch) {
  for (const int taken : {0, 1, 2, 3, 5, 7}) {
    autograd::random::seed(3);
    MultiprocessIterator it(Slow(11), 4, {.n_processes = 2, .n_prefetch = 3});
    progress(it, taken);
    const auto saved = serializers::save(serializers::serialize_of(it));
    const autograd::random::State state = autograd::random::generator().state();
    const auto expected = progress(it, 6);

    MultiprocessIterator other(Slow(11), 4, {.n_processes = 2, .n_prefetch = 3});
    progress(other, 2);  // reads ahead what is of no use then
    serializers::load(saved, serializers::serialize_of(other));
    autograd::random::generator().set_state(state);
    EXPECT_EQ(progress(other, 6), expected) << taken;

    // SerialIterator's files are the same.
    SerialIterator serial(Slow(11), 4);
    serializers::load(saved, serializers::serialize_of(serial));
    autograd::random::generator().set_state(state);
    EXPECT_EQ(progress(serial, 6), expected) << taken;
  }
}

// Counts how many examples were begun.
class Counting : public datasets::Dataset {
 public:
  explicit Counting(std::int64_t n) : n_(n) {}
  std::int64_t size() const override { return n_; }
  Example get_example(std::int64_t i) const override {
    ++*begun;
    return i;
  }
  std::shared_ptr<std::atomic<int>> begun = std::make_shared<std::atomic<int>>(0);

 private:
  std::int64_t n_;
};

TEST(MultithreadIterator, ReadsNoFurtherThanItIsTold) {
  Counting data(1000);
  MultiprocessIterator it(data, 10, {.shuffle = false, .n_processes = 2, .n_prefetch = 2});
  it.next();
  for (int i = 0; i < 200 && *data.begun < 30; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(*data.begun, 30);
  MultiprocessIterator none(data, 10, {.shuffle = false, .n_processes = 2, .n_prefetch = 0});
  *data.begun = 0;
  none.next();
  EXPECT_EQ(*data.begun, 10);
}

class Failing : public datasets::Dataset {
 public:
  std::int64_t size() const override { return 12; }
  Example get_example(std::int64_t i) const override {
    if (i == 5) throw std::runtime_error("example 5 is broken");
    return i;
  }
};

TEST(MultithreadIterator, GivesAnErrorToTheCallThatWouldHaveGivenTheExample) {
  MultithreadIterator it(Failing(), 3, {.shuffle = false, .n_threads = 2});
  EXPECT_THAT(next_of(it), ElementsAre(0, 1, 2));
  EXPECT_EQ(message_of<std::runtime_error>([&] { it.next(); }), "example 5 is broken");
  EXPECT_THAT(next_of(it), ElementsAre(6, 7, 8));
}

// Draws from the default generator, as augmentation does, and looks at the configuration.
class Drawing : public datasets::Dataset {
 public:
  std::int64_t size() const override { return 9; }
  Example get_example(std::int64_t) const override {
    return autograd::random::generator().rand() + (autograd::config().train ? 0 : 10);
  }
};

std::vector<double> drawn(int threads, std::int64_t ahead, bool train) {
  autograd::random::seed(8);
  const auto scope = autograd::using_config(&autograd::Config::train, train);
  MultiprocessIterator it(Drawing(), 2, {.n_processes = threads, .n_prefetch = ahead});
  std::vector<double> all;
  for (int i = 0; i < 10; ++i)
    for (const double x : datasets::concat_examples(*it.next())[0].array().to_vector<double>())
      all.push_back(x);
  return all;
}

TEST(MultithreadIterator, ExamplesDrawTheSameNumbersHoweverTheyAreRead) {
  const std::vector<double> one = drawn(1, 0, true);
  EXPECT_EQ(drawn(3, 0, true), one);
  EXPECT_EQ(drawn(2, 4, true), one);
  EXPECT_EQ(std::set<double>(one.begin(), one.end()).size(), one.size());
  for (const double x : drawn(2, 1, false)) EXPECT_GE(x, 10);
}

TEST(MultithreadIterator, EndsItsThreadsWhereverItIs) {
  for (int taken = 0; taken < 4; ++taken) {
    MultiprocessIterator it(Slow(50, std::chrono::microseconds(200)), 7,
                            {.n_processes = 3, .n_prefetch = 4});
    for (int i = 0; i < taken; ++i) it.next();
  }
}

double seconds(Iterator& it, int batches) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < batches; ++i) it.next();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Waiting takes no processor, so two threads halve the time wherever they run. On a busy machine
// threads wake up late, so the best of many tries counts.
TEST(MultithreadIterator, ReadsSlowExamplesInHalfTheTime) {
  const Slow data(60, std::chrono::milliseconds(5));
  double best = 10;
  for (int tries = 0; tries < 30 && best > 0.55; ++tries) {
    SerialIterator serial(data, 10);
    MultiprocessIterator two(data, 10, {.n_processes = 2});
    const double one_thread = seconds(serial, 6);
    best = std::min(best, seconds(two, 6) / one_thread);
  }
  EXPECT_LE(best, 0.55);
}

TEST(MultithreadIterator, SaysWhatIsWrong) {
  EXPECT_EQ(message_of<Error>([] { MultithreadIterator(Slow(3), 0); }),
            "MultithreadIterator: batch_size must be at least 1, but it is 0");
  EXPECT_EQ(message_of<Error>([] { MultithreadIterator(Slow(3), 1, {.n_threads = 0}); }),
            "MultithreadIterator: there must be a thread, but 0 are wanted");
  EXPECT_EQ(message_of<Error>([] { MultiprocessIterator(Slow(3), 1, {.n_prefetch = -1}); }),
            "MultiprocessIterator: n_prefetch must lie between 0 and 2^31 - 1, but it is -1");
}

TEST(ShuffleOrderSampler, DrawsWhatShuffleDraws) {
  autograd::random::seed(5);
  SerialIterator shuffled(Slow(7), 3);
  const auto expected = progress(shuffled, 7);
  autograd::random::seed(5);
  SerialIterator sampled(Slow(7), 3, {.order_sampler = ShuffleOrderSampler()});
  EXPECT_EQ(progress(sampled, 7), expected);
  autograd::random::Generator own(5);
  SerialIterator apart(Slow(7), 7, {.order_sampler = ShuffleOrderSampler(own)});
  EXPECT_EQ(next_of(apart), autograd::random::Generator(5).permutation(7));
}

}  // namespace
}  // namespace nn::iterators
