#include "nn/iterators/epoch_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "autograd/base/random.h"
#include "nn/serializers/serializer.h"

namespace nn::iterators {

using autograd::Array;
using autograd::Error;

Order ShuffleOrderSampler::operator()(const Order& order, std::int64_t) const {
  autograd::random::Generator& generator =
      generator_ != nullptr ? *generator_ : autograd::random::generator();
  return generator.permutation(static_cast<std::int64_t>(order.size()));
}

EpochOrder::EpochOrder(std::string op, std::int64_t examples, std::int64_t batch_size,
                       IteratorOptions options)
    : op_(std::move(op)),
      examples_(examples),
      batch_size_(batch_size),
      options_(std::move(options)) {
  if (examples < 0)
    throw Error(fmt::format("{}: a dataset must not have fewer than 0 examples, but it has {}", op_,
                            examples));
  constexpr std::int64_t kMost = (std::int64_t{1} << 31) - 1;
  if (batch_size < 1 || batch_size > kMost)
    throw Error(fmt::format("{}: batch_size must be {}, but it is {}", op_,
                            batch_size < 1 ? "at least 1" : fmt::format("at most {}", kMost),
                            batch_size));
  if (!options_.order_sampler && options_.shuffle) options_.order_sampler = ShuffleOrderSampler();
  reset();
}

Order EpochOrder::sample(const Order& order, std::int64_t position) const {
  Order next = options_.order_sampler(order, position);
  if (!order_.empty() && next.size() != order_.size())
    throw Error(
        fmt::format("{}: an order must be as long as the previous order, but it has {} indices and "
                    "the previous order {}",
                    op_, next.size(), order_.size()));
  require_examples("an order", next);
  return next;
}

void EpochOrder::require_examples(const char* what, const Order& order) const {
  for (const std::int64_t i : order)
    if (i < 0 || i >= examples_)
      throw Error(fmt::format("{}: {} must hold indices below {}, but it holds {}", op_, what,
                              examples_, i));
}

std::int64_t EpochOrder::epoch_size() const {
  return options_.order_sampler ? static_cast<std::int64_t>(order_.size()) : examples_;
}

void EpochOrder::reset() {
  current_position_ = epoch_ = 0;
  is_new_epoch_ = false;
  previous_epoch_detail_ = -1;
  if (!options_.order_sampler) return;
  order_.clear();
  Order ascending(static_cast<std::size_t>(examples_));
  std::iota(ascending.begin(), ascending.end(), 0);
  order_ = sample(ascending, 0);
}

std::optional<Order> EpochOrder::next() {
  previous_epoch_detail_ = epoch_detail();
  if (!options_.repeat && epoch_ > 0) return {};
  const std::int64_t n = epoch_size();
  if (options_.repeat && n == 0)
    throw Error(
        fmt::format("{}: a dataset to be repeated must have examples, but it has none", op_));

  Order indices;
  const auto visit_until = [&](std::int64_t end) {
    for (; current_position_ < end; ++current_position_)
      indices.push_back(order_.empty() ? current_position_
                                       : order_[static_cast<std::size_t>(current_position_)]);
  };
  std::int64_t end = current_position_ + batch_size_;
  is_new_epoch_ = end >= n;
  while (end >= n) {
    const std::int64_t begin = current_position_;
    visit_until(n);
    if (options_.order_sampler) order_ = sample(order_, begin);
    ++epoch_;
    current_position_ = 0;
    end = options_.repeat ? end - n : 0;
    if (!options_.repeat) break;
  }
  visit_until(end);
  return indices;
}

Order EpochOrder::upcoming(std::int64_t count) const {
  Order indices;
  const std::int64_t n = epoch_size();
  if (!options_.repeat && epoch_ > 0) return indices;
  for (std::int64_t i = current_position_; i < n && count > 0; ++i, --count)
    indices.push_back(order_.empty() ? i : order_[static_cast<std::size_t>(i)]);
  // Without a sampler each epoch has the same order.
  if (options_.repeat && !options_.order_sampler)
    for (std::int64_t i = 0; i < n && count > 0; ++i, --count) indices.push_back(i);
  return indices;
}

double EpochOrder::epoch_detail() const {
  const std::int64_t n = epoch_size();
  if (n == 0) return static_cast<double>(epoch_);
  return static_cast<double>(epoch_) +
         static_cast<double>(current_position_) / static_cast<double>(n);
}

std::optional<double> EpochOrder::previous_epoch_detail() const {
  if (previous_epoch_detail_ < 0) return {};
  return previous_epoch_detail_;
}

void EpochOrder::serialize(Serializer& s) {
  s("current_position", current_position_);
  s.count("epoch", epoch_);
  s("is_new_epoch", is_new_epoch_);
  const std::int64_t n = epoch_size();
  if (options_.order_sampler) {
    // Older versions of Chainer use the name _order.
    const bool old = !s.is_saving() && !s.contains("order") && s.contains("_order");
    const Array order =
        s.value(old ? "_order" : "order", Array::from(std::span<const std::int64_t>(order_)));
    const auto indices = order.to_vector<std::int64_t>();
    require_examples("a loaded order", indices);
    if (s.is_loading()) order_ = indices;
  }
  const std::int64_t position =
      s.is_saving() ? current_position_ : s.value("current_position", current_position_);
  if (position < 0 || position > n)
    throw Error(fmt::format("{}: a loaded position must lie within the {} examples, but it is {}",
                            op_, n, position));
  if (s.is_saving() || s.contains("previous_epoch_detail")) {
    s.within("previous_epoch_detail", previous_epoch_detail_, -1,
             static_cast<double>(Serializer::kMostCount));
  } else if (s.is_loading()) {  // a version of Chainer that did not save it
    const double before =
        static_cast<double>(epoch_) + static_cast<double>(current_position_ - batch_size_) /
                                          static_cast<double>(std::max<std::int64_t>(n, 1));
    previous_epoch_detail_ = epoch_detail() > 0 ? std::max(before, 0.) : -1.;
  }
}

}  // namespace nn::iterators
