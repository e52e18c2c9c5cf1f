#pragma once

#include <concepts>

#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

// Layers that normalize each sample separately.
namespace nn::inline links {

struct LayerNormalizationOptions {
  double eps = 1e-6;
  Initializer initial_gamma = {}, initial_beta = {};
};

// layer_normalization(x, gamma, beta) of x (batch, size): Ba, Kiros and Hinton, arXiv:1607.06450.
// gamma and beta are (size), by default initialised by 1 and 0. An unknown size is taken from the
// first input.
class LayerNormalization : public Polymorphic<LayerNormalization> {
 public:
  explicit LayerNormalization(Size size = None, const LayerNormalizationOptions& options = {});
  template <std::floating_point T>
  LayerNormalization(Size size, T epsilon, const Initializer& initial_gamma = {},
                     const Initializer& initial_beta = {})
      : LayerNormalization(size, LayerNormalizationOptions{.eps = epsilon,
                                                           .initial_gamma = initial_gamma,
                                                           .initial_beta = initial_beta}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("gamma", gamma)("beta", beta); }

  Parameter gamma, beta;
  double eps;
};

struct GroupNormalizationOptions {
  double eps = 1e-5;
  Initializer initial_gamma = {}, initial_beta = {};
};

// group_normalization(x, groups, gamma, beta) of x (batch, size, ...): Wu and He, arXiv:1803.08494.
// gamma and beta are (size), by default initialised by 1 and 0. The size must be divisible by
// `groups`; an unknown size is taken from the first input.
class GroupNormalization : public Polymorphic<GroupNormalization> {
 public:
  explicit GroupNormalization(int n_groups, Size size = None,
                              const GroupNormalizationOptions& options = {});
  template <std::floating_point T>
  GroupNormalization(int n_groups, Size size, T epsilon, const Initializer& initial_gamma = {},
                     const Initializer& initial_beta = {})
      : GroupNormalization(
            n_groups, size,
            GroupNormalizationOptions{
                .eps = epsilon, .initial_gamma = initial_gamma, .initial_beta = initial_beta}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("gamma", gamma)("beta", beta); }

  Parameter gamma, beta;
  int groups;
  double eps;
};

}  // namespace nn::inline links
