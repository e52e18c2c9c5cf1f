#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "autograd/base/by_name.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/normalization/batch_normalization.h"

// The building blocks of GoogLeNet.
namespace nn::inline links {

struct InceptionOptions {
  Initializer conv_init = {};  // LeCunNormal
  Initializer bias_init = {};  // 0
};

// Four paths through images (batch, in_channels, height, width), concatenated along the channels
// and followed by relu (Szegedy et al., arXiv:1409.4842): a 1x1 convolution; a 1x1 projection,
// relu, and a 3x3 convolution; the same with 5x5; a maximum over 3x3 pixels and a 1x1 projection.
// The result is (batch, out1 + out3 + out5 + proj_pool, height, width).
class Inception : public Polymorphic<Inception> {
 public:
  Inception(Size in_channels, std::int64_t out1, std::int64_t proj3, std::int64_t out3,
            std::int64_t proj5, std::int64_t out5, std::int64_t proj_pool,
            const InceptionOptions& options = {});
  template <std::convertible_to<Initializer> I>
  Inception(Size in_channels, std::int64_t out1, std::int64_t p3, std::int64_t out3,
            std::int64_t p5, std::int64_t out5, std::int64_t proj_pool, const I& conv_init,
            const Initializer& bias_init = {})
      : Inception(in_channels, out1, p3, out3, p5, out5, proj_pool,
                  InceptionOptions{.conv_init = conv_init, .bias_init = bias_init}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override;

  // In the order in which their weights are drawn.
  Convolution2D conv1, proj3, conv3, proj5, conv5, projp;
};

enum class PoolType { max, avg };

struct InceptionBNOptions {
  autograd::ByName by_name = {};
  Size proj_pool = None;  // None: the pooled images are not projected
  HeightWidth stride = 1;
  Initializer conv_init = {};  // LeCunNormal
  Dtype dtype = autograd::config().dtype;
};

// Inception with a BatchNormalization after each convolution (Ioffe and Szegedy, arXiv:1502.03167).
// The paths, each convolution without a bias and followed by normalization and relu: a 1x1
// convolution, which is left out for out1 = 0; 1x1 (proj3) and 3x3 (out3); 1x1 (proj33) and twice
// 3x3 (out33); pooling over 3x3 pixels, and a 1x1 projection (proj_pool) unless it is None. The last
// step of each path has the stride. With out1 > 0 the stride must be 1 and proj_pool be given. The
// BatchNormalizations have the dtype.
class InceptionBN : public Polymorphic<InceptionBN> {
 public:
  InceptionBN(Size in_channels, std::int64_t out1, std::int64_t proj3, std::int64_t out3,
              std::int64_t proj33, std::int64_t out33, PoolType pooltype,
              const InceptionBNOptions& options);
  InceptionBN(Size in_channels, std::int64_t o1, std::int64_t p3, std::int64_t o3, std::int64_t p33,
              std::int64_t o33, PoolType pool, Size proj = None, HeightWidth step = 1,
              const Initializer& conv_init = {}, Dtype dtype = autograd::config().dtype)
      : InceptionBN(
            in_channels, o1, p3, o3, p33, o33, pool,
            InceptionBNOptions{
                .proj_pool = proj, .stride = step, .conv_init = conv_init, .dtype = dtype}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override;

  std::int64_t out1;
  Size proj_pool;
  HeightWidth stride;
  PoolType pooltype;
  // In the order in which their weights are drawn.
  Convolution2D proj3, conv3, proj33, conv33a, conv33b;
  BatchNormalization proj3n, conv3n, proj33n, conv33an, conv33bn;
  std::optional<Convolution2D> conv1, poolp;
  std::optional<BatchNormalization> conv1n, poolpn;
};

}  // namespace nn::inline links
