#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include "autograd/functions/rnn/tree_lstm.h"
#include "nn/links/connection/linear.h"

// Layers of long short-term memory for the nodes of trees (Tai, Socher and Manning,
// arXiv:1503.00075). A call takes the cells c of a node's children, their outputs h, and x, in this
// order, each (batch, out_size) and x (batch, in_size):
//   auto [c, h] = link(c1, c2, h1, h2, x);
// A null variable counts as zeros; not all may be null.
namespace nn::inline links {

// For any number of children, whose outputs are added up. A node without children has x alone:
//   a, i, o = W_x(x) + W_h_aio(h1 + ... + hn),  f_k = W_x(x) + W_h_f(h_k)
// followed by tree_lstm().
class ChildSumTreeLSTM : public Link {
 public:
  ChildSumTreeLSTM(Size in_size, std::int64_t out_size);

  autograd::CellAndOutput operator()(const Variables& cs_hs_x);
  template <class... X>
  requires(std::convertible_to<const X&, const Variable&>&&...) autograd::CellAndOutput operator()(
      const Variable& first, const X&... rest) {
    return (*this)(Variables{first, autograd::as_variable(rest)...});
  }
  void list(Members& members) override { members("W_x", W_x)("W_h_aio", W_h_aio)("W_h_f", W_h_f); }

  Size in_size;
  std::int64_t state_size;
  Linear W_x, W_h_aio, W_h_f;

 private:
  autograd::CellAndOutput step(const Variables& cs_hs_x);
};

// For nodes of n_ary children, each of which has weights of its own, W_h1, W_h2, ...:
//   a, i, o, f_1, ..., f_n = W_x(x) + W_h1(h1) + ... + W_hn(hn)
// followed by tree_lstm().
class NaryTreeLSTM : public Link {
 public:
  NaryTreeLSTM(Size in_size, std::int64_t out_size, int n_ary = 2);

  autograd::CellAndOutput operator()(const Variables& cs_hs_x);
  template <class... X>
  requires(std::convertible_to<const X&, const Variable&>&&...) autograd::CellAndOutput operator()(
      const Variable& first, const X&... rest) {
    return (*this)(Variables{first, autograd::as_variable(rest)...});
  }
  void list(Members& members) override;

  Size in_size;
  std::int64_t state_size;
  int n_ary;
  Linear W_x;
  std::vector<Linear> W_h;  // named from 1 on

 private:
  autograd::CellAndOutput step(const Variables& cs_hs_x);
};

}  // namespace nn::inline links
