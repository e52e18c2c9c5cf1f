#pragma once

#include <concepts>
#include <optional>

#include "autograd/graph/array_like.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"

namespace nn::inline links {

struct EmbedIDOptions {
  Initializer initialW = {};
  std::optional<std::int64_t> ignore_label = {};
};

// A layer that maps IDs in [0, in_size) to vectors: embed_id with W (in_size, out_size),
// initialised by `initialW`, by default Normal(1). IDs equal to `ignore_label` give zeros.
//
//   nn::EmbedID words(10000, 100, {.ignore_label = -1});
class EmbedID : public Polymorphic<EmbedID> {
 public:
  EmbedID(std::int64_t in_size, std::int64_t out_size, const EmbedIDOptions& options = {});
  template <std::convertible_to<Initializer> I>
  EmbedID(std::int64_t in_size, std::int64_t out_size, const I& initialW,
          std::optional<std::int64_t> ignored = {})
      : EmbedID(in_size, out_size, EmbedIDOptions{.initialW = initialW, .ignore_label = ignored}) {}

  // A layer with this weight, whose values are copied.
  static EmbedID from_params(const autograd::ArrayField& W,
                             std::optional<std::int64_t> ignored = {});

  Variable operator()(autograd::ArrayLike x);
  void list(Members& members) override { members("W", W); }

  Parameter W;
  std::optional<std::int64_t> ignore_label;
};

}  // namespace nn::inline links
