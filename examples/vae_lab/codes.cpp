#include "examples/vae_lab/codes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "autograd/functions/loss/loss.h"
#include "autograd/graph/config.h"
#include "examples/vae_lab/classes.h"

namespace vae::lab {
namespace {

using autograd::Array;
using autograd::Variable;

constexpr std::int64_t kBatch = 500;

std::vector<Code> rows(const Array& mu) {
  const std::vector<float> values = mu.to_vector<float>();
  std::vector<Code> codes;
  for (auto at = values.begin(); at != values.end(); at += mu.length(1))
    codes.emplace_back(at, at + mu.length(1));
  return codes;
}

}  // namespace

std::pair<Array, Array> Codec::batch(const Array& x, std::int64_t start) const {
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto no_graph = autograd::no_backprop_mode();
  const auto [mu, ln_var] = encode_(x.slice(0, start, std::min(kBatch, x.length(0) - start)));
  return {mu.array(), ln_var.array()};
}

std::vector<Code> Codec::encode(const Array& x) const {
  std::vector<Code> codes;
  for (std::int64_t i = 0; i < x.length(0); i += kBatch)
    for (Code& code : rows(batch(x, i).first)) codes.push_back(std::move(code));
  const Variable t = split_classes(x, classes_).second;
  if (t) {
    const std::vector<Code> columns = rows(t.array());
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i].insert(codes[i].end(), columns[i].begin(), columns[i].end());
  }
  return codes;
}

Array Codec::decode(std::span<const Code> codes) const {
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto no_graph = autograd::no_backprop_mode();
  std::vector<float> values;
  for (const Code& code : codes) values.insert(values.end(), code.begin(), code.end());
  const auto n = static_cast<std::int64_t>(codes.size());
  const auto units = static_cast<std::int64_t>(values.size() / codes.size());
  return decode_(Array::from(std::span<const float>(values), autograd::Shape{n, units})).array();
}

std::vector<Codec::Unit> Codec::most_active(const Array& x, std::size_t most) const {
  std::vector<Unit> units;
  std::vector<double> first, sum, squares;  // relative to the first code, to avoid cancellation
  const auto n = static_cast<double>(x.length(0));
  for (std::int64_t i = 0; i < x.length(0); i += kBatch) {
    const auto [mu, ln_var] = batch(x, i);
    const std::vector<double> means = mu.to_vector<double>();
    const std::vector<double> kl =
        autograd::gaussian_kl_divergence(mu, ln_var, autograd::Reduce::no)
            .array()
            .to_vector<double>();
    const auto count = static_cast<std::size_t>(mu.length(1));
    if (units.empty()) {
      for (std::size_t u = 0; u < count; ++u) units.push_back({static_cast<int>(u)});
      first.assign(means.begin(), means.begin() + mu.length(1));
      sum.resize(count);
      squares.resize(count);
    }
    for (std::size_t j = 0; j < means.size(); ++j) {
      const std::size_t u = j % count;
      const double d = means[j] - first[u];
      sum[u] += d;
      squares[u] += d * d;
      units[u].kl += kl[j] / n;
    }
  }
  for (std::size_t u = 0; u < units.size(); ++u) {
    const double variance = squares[u] / n - sum[u] / n * (sum[u] / n);
    units[u].variance = variance > 0 ? variance : 0;
  }
  const auto kl = [](const Unit& unit) { return unit.kl > 0 ? unit.kl : 0; };
  std::stable_sort(units.begin(), units.end(),
                   [&](const Unit& a, const Unit& b) { return kl(a) > kl(b); });
  units.resize(std::min(units.size(), most));
  return units;
}

std::vector<std::int64_t> images_to_show(const ImageSet& images, int most, int each) {
  std::vector<std::int64_t> numbers;
  const std::int64_t n = images.test.length(0);
  if (!images.test_labels) {
    for (std::int64_t i = 0; i < std::min<std::int64_t>(n, most * each); ++i) numbers.push_back(i);
    return numbers;
  }
  std::vector<std::vector<std::int64_t>> of_class(static_cast<std::size_t>(images.classes));
  const std::vector<int> labels = images.test_labels->to_vector<int>();
  for (std::int64_t i = 0; i < n; ++i) {
    auto& found = of_class[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
    if (std::ssize(found) < each) found.push_back(i);
  }
  for (const auto& found : of_class)
    if (std::ssize(found) == each && std::ssize(numbers) < most * each)
      numbers.insert(numbers.end(), found.begin(), found.end());
  return numbers;
}

std::vector<std::int64_t> typical_images(const ImageSet& images, int most) {
  if (!images.test_labels) return images_to_show(images, most, 1);
  const std::vector<Code> x = rows(images.test);
  const std::vector<int> labels = images.test_labels->to_vector<int>();
  const std::vector<Code> means = class_means(x, labels, images.classes);
  struct Nearest {
    std::int64_t number = -1;
    double distance = std::numeric_limits<double>::infinity();
  };
  std::vector<Nearest> nearest(means.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto c = static_cast<std::size_t>(labels[i]);
    double distance = 0;
    for (std::size_t p = 0; p < x[i].size(); ++p)
      distance += (x[i][p] - means[c][p]) * (x[i][p] - means[c][p]);
    if (distance < nearest[c].distance) nearest[c] = {static_cast<std::int64_t>(i), distance};
  }
  std::vector<std::int64_t> numbers;
  for (const Nearest& found : nearest)
    if (found.number >= 0 && std::ssize(numbers) < most) numbers.push_back(found.number);
  return numbers;
}

Code between(const Code& from, const Code& to, double t) {
  Code code(from.size());
  for (std::size_t i = 0; i < code.size(); ++i)
    code[i] = static_cast<float>((1 - t) * from[i] + t * to[i]);
  return code;
}

std::vector<double> spread(double low, double high, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(low + (high - low) * i / std::max(count - 1, 1));
  return values;
}

std::vector<Code> traversal(const Code& code, int unit, std::span<const double> values) {
  std::vector<Code> codes;
  for (const double value : values) {
    codes.push_back(code);
    codes.back()[static_cast<std::size_t>(unit)] = static_cast<float>(value);
  }
  return codes;
}

std::vector<Code> map_of(std::span<const double> values) {
  std::vector<Code> codes;
  for (auto y = values.rbegin(); y != values.rend(); ++y)
    for (const double x : values) codes.push_back({static_cast<float>(x), static_cast<float>(*y)});
  return codes;
}

std::vector<Code> class_means(std::span<const Code> codes, std::span<const int> labels,
                              int classes) {
  std::vector<std::vector<double>> sums(static_cast<std::size_t>(classes));
  std::vector<double> counts(sums.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto c = static_cast<std::size_t>(labels[i]);
    sums[c].resize(codes[i].size());
    for (std::size_t u = 0; u < codes[i].size(); ++u) sums[c][u] += codes[i][u];
    ++counts[c];
  }
  std::vector<Code> means(sums.size());
  for (std::size_t c = 0; c < sums.size(); ++c)
    for (const double sum : sums[c]) means[c].push_back(static_cast<float>(sum / counts[c]));
  return means;
}

}  // namespace vae::lab
