#pragma once

#include <concepts>
#include <optional>

#include "nn/initializers/initializers.h"
#include "nn/link.h"

namespace nn::inline links {

// A layer that turns IDs in [0, in_size) into vectors: embed_id with W (in_size, out_size), drawn
// by `initialW` (Normal(1) unless given). IDs equal to `ignore_label` become zeros.
//
//   nn::EmbedID words(10000, 100, {.ignore_label = -1});
class EmbedID : public Polymorphic<EmbedID> {
 public:
  struct Options {
    Initializer initialW = {};
    std::optional<std::int64_t> ignore_label = {};
  };
  EmbedID(std::int64_t in_size, std::int64_t out_size) : EmbedID(in_size, out_size, Options{}) {}
  EmbedID(std::int64_t in_size, std::int64_t out_size, const Options& options);
  template <std::convertible_to<Initializer> I>
  EmbedID(std::int64_t in_size, std::int64_t out_size, const I& initialW,
          std::optional<std::int64_t> ignored = {})
      : EmbedID(in_size, out_size, Options{.initialW = initialW, .ignore_label = ignored}) {}

  Variable operator()(autograd::ArrayLike x);
  void list(Members& members) override { members("W", W); }

  Parameter W;
  std::optional<std::int64_t> ignore_label;
};

}  // namespace nn::inline links
