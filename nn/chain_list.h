#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "nn/link.h"

namespace nn {

// A list of child links of one type, named by their indices: /0/W, /1/W.
//
//   nn::ChainList<nn::Linear> layers;
//   for (int i = 0; i < n; ++i) layers.append(nn::Linear(500, 500));
//   for (auto& layer : layers) h = tanh(layer(h));
//
// For layers of different types that are called one after another, use Sequential.
template <class L>
class ChainList : public Link {
 public:
  ChainList() = default;
  ChainList(std::initializer_list<L> links) : links_(links) {}
  // ChainList(Linear(3, 4), Linear(4, 2))
  template <std::same_as<L>... More>
  requires(sizeof...(More) > 0) explicit ChainList(L first, More... more)
      : links_{std::move(first), std::move(more)...} {}

  void append(L link) { links_.push_back(std::move(link)); }
  void add_link(L link) { append(std::move(link)); }  // Chainer's older name
  L& operator[](std::size_t i) { return links_.at(i); }
  std::size_t size() const { return links_.size(); }
  auto begin() { return links_.begin(); }
  auto end() { return links_.end(); }

  void list(Members& members) override {
    for (std::size_t i = 0; i < links_.size(); ++i) members(std::to_string(i), links_[i]);
  }

 private:
  std::vector<L> links_;
};

}  // namespace nn
