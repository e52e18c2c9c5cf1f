#pragma once

#include <functional>

#include "autograd/functions/rnn/rnn.h"
#include "nn/chain_list.h"
#include "nn/initializers/initializers.h"

namespace nn::inline links {

// The weights of one layer in one direction: w0, w1, ... and b0, b1, ...
class RecurrentWeights : public Link {
 public:
  void list(Members& members) override;
  using Link::name_parameters;

  std::vector<Parameter> w, b;
};

struct NStepRNNOptions {
  Initializer initialW = {};      // LeCunNormal
  Initializer initial_bias = {};  // 0
};

// Recurrent layers over whole sequences: the functions n_step_... with their weights. A call takes
// sequences xs[i] (length_i, in_size) of any lengths >= 1 in any order, and returns ys[i]
// (length_i, out_size), with twice as many columns for a bi-directional link. The states hx, and
// for an LSTM cx, are (n_layers directions, sequences, out_size), in the order of xs; a null state
// is 0.
class NStepRNNBase : public ChainList<RecurrentWeights> {
 public:
  int n_weights;  // of one layer in one direction
  int direction;  // 2 if bi-directional
  bool use_bi_direction;
  int n_layers;
  std::int64_t out_size;
  double dropout;
  // The weights and biases, [n_layers direction][n_weights].
  autograd::Weights ws(), bs();

 protected:
  NStepRNNBase(int weights, int directions, int layers, std::int64_t in_size, std::int64_t units,
               double dropout_ratio, const NStepRNNOptions& options);

  // The arguments of a function n_step_... for a batch, sorted with the longest sequence first.
  struct Sorted {
    Variables states;
    autograd::Weights ws, bs;
    Variables steps;
    Array order;  // sequence i of the batch is order[i] of xs
  };
  Sorted sorted(const Variables& states, const autograd::VariableList& xs);
  // Reorders the results of a function n_step_... to the original order of the sequences.
  static Variable in_order(const Variable& state, const Sorted& batch);
  static Variables in_order(const Variables& steps, const Sorted& batch);
};

class NStepLSTMBase : public NStepRNNBase {
 public:
  autograd::NStepLSTM operator()(const Variable& hx, const Variable& cx,
                                 const autograd::VariableList& xs);
  static constexpr int n_cells = 2;

 protected:
  NStepLSTMBase(int directions, int layers, std::int64_t in_size, std::int64_t units,
                double dropout_ratio, const NStepRNNOptions& options)
      : NStepRNNBase(8, directions, layers, in_size, units, dropout_ratio, options) {}
};

class NStepLSTM : public NStepLSTMBase {
 public:
  NStepLSTM(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
            const NStepRNNOptions& options = {})
      : NStepLSTMBase(1, layers, in_size, units, dropout_ratio, options) {}
};
class NStepBiLSTM : public NStepLSTMBase {
 public:
  NStepBiLSTM(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
              const NStepRNNOptions& options = {})
      : NStepLSTMBase(2, layers, in_size, units, dropout_ratio, options) {}
};

class NStepGRUBase : public NStepRNNBase {
 public:
  autograd::NStepRNN operator()(const Variable& hx, const autograd::VariableList& xs);
  static constexpr int n_cells = 1;

 protected:
  NStepGRUBase(int directions, int layers, std::int64_t in_size, std::int64_t units,
               double dropout_ratio, const NStepRNNOptions& options)
      : NStepRNNBase(6, directions, layers, in_size, units, dropout_ratio, options) {}
};

class NStepGRU : public NStepGRUBase {
 public:
  NStepGRU(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
           const NStepRNNOptions& options = {})
      : NStepGRUBase(1, layers, in_size, units, dropout_ratio, options) {}
};
class NStepBiGRU : public NStepGRUBase {
 public:
  NStepBiGRU(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
             const NStepRNNOptions& options = {})
      : NStepGRUBase(2, layers, in_size, units, dropout_ratio, options) {}
};

class NStepPlainRNNBase : public NStepRNNBase {
 public:
  autograd::NStepRNN operator()(const Variable& hx, const autograd::VariableList& xs);
  static constexpr int n_cells = 1;

 protected:
  NStepPlainRNNBase(autograd::RnnActivation activation, int directions, int layers,
                    std::int64_t in_size, std::int64_t units, double dropout_ratio,
                    const NStepRNNOptions& options)
      : NStepRNNBase(2, directions, layers, in_size, units, dropout_ratio, options),
        activation_(activation) {}

 private:
  autograd::RnnActivation activation_;
};

class NStepRNNTanh : public NStepPlainRNNBase {
 public:
  NStepRNNTanh(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
               const NStepRNNOptions& options = {})
      : NStepPlainRNNBase(autograd::RnnActivation::tanh, 1, layers, in_size, units, dropout_ratio,
                          options) {}
};
class NStepRNNReLU : public NStepPlainRNNBase {
 public:
  NStepRNNReLU(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
               const NStepRNNOptions& options = {})
      : NStepPlainRNNBase(autograd::RnnActivation::relu, 1, layers, in_size, units, dropout_ratio,
                          options) {}
};
class NStepBiRNNTanh : public NStepPlainRNNBase {
 public:
  NStepBiRNNTanh(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
                 const NStepRNNOptions& options = {})
      : NStepPlainRNNBase(autograd::RnnActivation::tanh, 2, layers, in_size, units, dropout_ratio,
                          options) {}
};
class NStepBiRNNReLU : public NStepPlainRNNBase {
 public:
  NStepBiRNNReLU(int layers, std::int64_t in_size, std::int64_t units, double dropout_ratio,
                 const NStepRNNOptions& options = {})
      : NStepPlainRNNBase(autograd::RnnActivation::relu, 2, layers, in_size, units, dropout_ratio,
                          options) {}
};

}  // namespace nn::inline links
