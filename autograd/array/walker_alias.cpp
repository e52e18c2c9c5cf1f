#include "autograd/array/walker_alias.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "autograd/base/check.h"

namespace autograd {
namespace {

// The sum in float32 in NumPy's order: halves are summed apart, blocks of up to 128 in eight
// interleaved parts. The thresholds depend on its last bit.
float sum_as_numpy(const float* x, std::size_t n) {
  if (n < 8) return std::accumulate(x, x + n, 0.f);
  if (n > 128) {
    const std::size_t half = n / 2 - n / 2 % 8;
    return sum_as_numpy(x, half) + sum_as_numpy(x + half, n - half);
  }
  float part[8];
  std::copy_n(x, 8, part);
  std::size_t i = 8;
  for (; i + 8 <= n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) part[k] += x[i + k];
  const float sum =
      ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  return std::accumulate(x + i, x + n, sum);
}

}  // namespace

WalkerAlias::WalkerAlias(const Array& probs) {
  Check("WalkerAlias", {{"probs", probs}})
      .that(probs.ndim() == 1 && probs.length(0) > 0, "probs must have one axis and an element")
      .that(probs.length(0) <= std::numeric_limits<std::int32_t>::max() / 2,
            "there must be less than 2^30 outcomes");
  std::vector<float> p = probs.to_vector<float>();
  const float sum = sum_as_numpy(p.data(), p.size());
  const bool proper = std::ranges::all_of(p, [](float v) { return v >= 0 && std::isfinite(v); }) &&
                      sum > 0 && std::isfinite(sum);
  if (!proper)
    Check("WalkerAlias", {{"probs", probs}})
        .fail("probs must be finite and not negative, and one must be positive");

  const std::size_t n = p.size();
  std::vector<std::pair<float, std::int32_t>> rising;
  for (std::size_t i = 0; i < n; ++i) rising.emplace_back(p[i] / sum, static_cast<std::int32_t>(i));
  std::ranges::sort(rising);
  std::vector<float> threshold(n);
  std::vector<std::int32_t> values(2 * n, 0);
  // `open` is the first place whose second outcome is not known yet, `next` the first without any.
  std::size_t open = 0, next = 0;
  for (const auto& [probability, outcome] : rising) {
    double rest = static_cast<double>(probability) * static_cast<double>(n);
    for (; rest > 1 && open < next; ++open) {
      values[2 * open + 1] = outcome;
      rest -= 1.0 - static_cast<double>(threshold[open]);
    }
    threshold[next] = static_cast<float>(rest);
    values[2 * next++] = outcome;
  }
  threshold_ = Array::from(threshold);
  values_ = Array::from(values);
}

Array WalkerAlias::sample(const Shape& shape, random::Generator& generator) const {
  Array outcomes = Array::empty(shape, Dtype::int32);
  std::int32_t* p = outcomes.mutable_data<std::int32_t>();
  const float* threshold = threshold_.data<float>();
  const std::int32_t* values = values_.data<std::int32_t>();
  const auto n = static_cast<double>(threshold_.size());
  std::vector<double> drawn(static_cast<std::size_t>(outcomes.size()));
  generator.uniform(0, n, drawn);
  for (const double u : drawn) {
    const auto place = std::min(static_cast<std::int64_t>(u), threshold_.size() - 1);
    const float rest = static_cast<float>(u) - static_cast<float>(place);
    *p++ = values[2 * place + (threshold[place] < rest ? 1 : 0)];
  }
  return outcomes;
}

}  // namespace autograd
