#include <algorithm>
#include <cstring>
#include <utility>

#include "autograd/array/random.h"
#include "autograd/kernels/standard_normal.h"
#include "autograd/machine/parallel.h"

namespace autograd::array {
namespace {

using kernels::StandardNormal;

constexpr std::int64_t kWords = StandardNormal::kWords, kWordsATry = StandardNormal::kWordsATry,
                       kTries = StandardNormal::kMostTries;  // a thread's tries at a time
constexpr std::int64_t kParts = 16;                          // parts of kTries tries in a round
constexpr std::int64_t kFew = 8;  // for so few pairs, single calls are as fast
static_assert(random::State::kWords == kWords);

// The words of a generator's stream in contiguous memory.
class Words {
 public:
  Words(const random::State& state, std::int64_t most)
      : array_(Array::empty({most + 2 * kWords}, Dtype::int32)),
        x_(reinterpret_cast<std::uint32_t*>(array_.mutable_data<std::int32_t>())),
        pos_(state.pos) {
    std::copy(state.key.begin(), state.key.end(), x_);
  }

  // The next n words, not tempered. They are valid until the next call.
  const std::uint32_t* next(std::int64_t n) {
    // Begins with the block of the last word so far.
    std::memmove(x_, x_ + made_, kWords * sizeof *x_);
    pos_ -= made_;
    const std::uint32_t* words = x_ + pos_;
    pos_ += n;
    made_ = (pos_ - 1) / kWords * kWords;
    kernels::standard_normal().extend(x_, made_);
    return words;
  }

  // Sets `state` to the state after the corresponding single calls.
  void finish(random::State& state) const {
    std::copy_n(x_ + made_, kWords, state.key.begin());
    state.pos = static_cast<std::int32_t>(pos_ - made_);
  }

 private:
  Array array_;
  std::uint32_t* x_;
  std::int64_t pos_, made_ = 0;
};

std::int64_t pairs(const std::uint32_t* words, std::int64_t n, float* y) {
  return kernels::standard_normal().pairs(words, n, y);
}
std::int64_t pairs(const std::uint32_t* words, std::int64_t n, double* y) {
  return kernels::standard_normal().pairs_of_doubles(words, n, y);
}

// Fills y with whole pairs until few are missing, and returns the number of written numbers. A
// round makes at most as many tries as pairs are missing, so no word is wasted. Each part of a
// round writes its deviates to the place for the case that all previous tries succeed. Then the
// parts are moved together.
template <class T>
std::int64_t fill_in_rounds(T* y, std::int64_t n, random::State& state) {
  Words words(state, kWordsATry * std::min(kParts * kTries, n / 2));
  std::int64_t done = 0;
  while ((n - done) / 2 > kFew) {
    const std::int64_t tries = std::min(kParts * kTries, (n - done) / 2);
    const std::uint32_t* w = words.next(kWordsATry * tries);
    T* const to = y + done;
    std::int64_t found[kParts];
    parallel::for_chunks(tries, kTries, [&](std::int64_t begin, std::int64_t end) {
      found[begin / kTries] = pairs(w + kWordsATry * begin, end - begin, to + 2 * begin);
    });
    for (std::int64_t first = 0; first < tries; first += kTries) {
      const std::int64_t part = 2 * found[first / kTries];
      std::memmove(y + done, to + 2 * first, static_cast<std::size_t>(part) * sizeof(T));
      done += part;
    }
  }
  words.finish(state);
  return done;
}

}  // namespace

Array standard_normal(const Shape& shape, Dtype dtype, random::Generator& generator) {
  Array result = Array::empty(shape, dtype);
  const random::Generator::Hold hold(generator);
  visit_float(dtype, [&]<class T>(std::type_identity<T>) {
    T* y = result.mutable_data<T>();
    T* const end = y + result.size();
    if ((end - y) / 2 > kFew) {
      random::State state = generator.state();
      if (std::exchange(state.has_gauss, false))
        *y++ = static_cast<T>(std::exchange(state.cached_gaussian, 0.0));
      y += fill_in_rounds(y, end - y, state);
      generator.set_state(state);
    }
    while (y < end) *y++ = static_cast<T>(generator.standard_normal());
  });
  return result;
}

}  // namespace autograd::array
