#pragma once

#include <concepts>
#include <memory>
#include <optional>

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// Another distribution with its last batch axes reinterpreted as event axes: log p(x) is summed
// over them. By default all batch axes but the first.
class Independent final : public Distribution {
 public:
  template <std::derived_from<Distribution> D>
  requires(!std::same_as<D, Independent>) explicit Independent(
      const D& distribution, std::optional<int> reinterpreted_batch_ndims = {})
      : Independent(std::make_shared<D>(distribution), reinterpreted_batch_ndims) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a distribution of a kind known at run time
  Independent(std::shared_ptr<const Distribution> distribution,
              std::optional<int> reinterpreted_batch_ndims = {});

  const Distribution& distribution() const& { return *distribution_; }
  const Distribution& distribution() const&& = delete;  // it may be gone with the temporary
  int reinterpreted_batch_ndims() const { return ndims_; }

  std::string_view name() const override { return "Independent"; }
  Shape batch_shape() const override;
  Shape event_shape() const override;
  std::string_view support() const override { return distribution_->support(); }
  std::map<std::string, Variable> params() const override { return distribution_->params(); }
  Variable log_prob(const Variable& x) const override { return summed(distribution_->log_prob(x)); }
  Variable prob(const Variable& x) const override { return multiplied(distribution_->prob(x)); }
  Variable cdf(const Variable& x) const override { return multiplied(distribution_->cdf(x)); }
  Variable survival_function(const Variable& x) const override {
    return multiplied(distribution_->survival_function(x));
  }
  Variable log_cdf(const Variable& x) const override { return summed(distribution_->log_cdf(x)); }
  Variable log_survival_function(const Variable& x) const override {
    return summed(distribution_->log_survival_function(x));
  }
  Variable perplexity(const Variable& x) const override {
    return multiplied(distribution_->perplexity(x));
  }
  Variable entropy() const override { return summed(distribution_->entropy()); }
  Variable mean() const override { return distribution_->mean(); }
  Variable mode() const override { return distribution_->mode(); }
  Variable variance() const override { return distribution_->variance(); }
  Variable stddev() const override { return distribution_->stddev(); }
  // The covariances of the inner distribution as the blocks along a diagonal.
  Variable covariance() const override;
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override {
    return distribution_->sample_n(n, generator);
  }

 private:
  // Sums a result of the inner distribution over the axes that are one event, which are the last
  // ones.
  Variable summed(const Variable& x) const;
  Variable multiplied(const Variable& x) const;

  std::shared_ptr<const Distribution> distribution_;
  int ndims_;
};

}  // namespace nn::distributions
