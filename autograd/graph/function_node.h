#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/graph/variable.h"
#include "autograd/memory/nodes.h"
#include "autograd/memory/small_vector.h"

namespace autograd {

class Attributes;  // autograd/graph/attributes.h

// The inputs of a function: {x, W, b} or a list. Holds pointers to them, so it must not outlive the
// call.
class Inputs {
 public:
  // A variable, or an array as a constant.
  struct Input {
    Input(const Variable& v) : variable(&v) {}  // NOLINT(google-explicit-constructor)
    Input(const Array& a)                       // NOLINT(google-explicit-constructor)
        : constant(as_variable(a)), variable(&constant) {}
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    Variable constant;
    const Variable* variable;
  };
  Inputs(std::initializer_list<Input> inputs) {
    variables_.reserve(inputs.size());
    for (const Input& input : inputs) variables_.push_back(input.variable);
  }
  Inputs(std::span<const Variable> inputs) {  // NOLINT(google-explicit-constructor)
    variables_.reserve(inputs.size());
    for (const Variable& v : inputs) variables_.push_back(&v);
  }
  Inputs(const VariableList& inputs)  // NOLINT(google-explicit-constructor)
      : Inputs(std::span<const Variable>(inputs)) {}
  Inputs(const Variables& inputs)  // NOLINT(google-explicit-constructor)
      : Inputs(std::span<const Variable>(inputs)) {}

  std::size_t size() const { return variables_.size(); }
  const Variable& variable(std::size_t i) const { return *variables_[i]; }
  const Array& operator[](std::size_t i) const { return variables_[i]->array(); }

 private:
  SmallVector<const Variable*, 4> variables_;
};

// What forward_all() returns, an array for each output.
class Outputs : public SmallVector<Array, 1> {
 public:
  using SmallVector::SmallVector;
  Outputs(const Arrays& arrays) {  // NOLINT(google-explicit-constructor)
    reserve(arrays.size());
    for (const Array& y : arrays) push_back(y);
  }
};

// What backward_all() returns, a gradient for each input: {gx, gW}.
class Grads : public SmallVector<Variable, 3> {
 public:
  using SmallVector::SmallVector;
  Grads(const Variables& gradients) {  // NOLINT(google-explicit-constructor)
    reserve(gradients.size());
    for (const Variable& g : gradients) push_back(g);
  }
};

// The name of a function in error messages, and its label in drawings of the graph.
struct FunctionName {
  std::string_view name, label;
};

// A differentiable function. A derived class computes the output from arrays in forward(), and the
// gradients of the inputs from the gradient of the output in backward(). apply() calls it:
//
//   class Cube final : public FunctionNode {
//     std::string_view name() const override { return "cube"; }
//     Array forward(const Inputs& x) override {
//       retain_inputs({0});
//       return map(ops::PowConstant{3}, x[0]);
//     }
//     Grads backward(const Variable& gy) override { return {gy * 3 * square(retained_input(0))}; }
//   };
//   Variable y = apply<Cube>({x});
//
// backward() must use differentiable functions, so that second derivatives exist. An object can be
// called once. A function with several outputs overrides forward_all() and backward_all() instead.
class FunctionNode : public Counted, public Live<FunctionNode> {
 public:
  FunctionNode() = default;
  virtual ~FunctionNode();

  // As in FunctionName.
  virtual std::string_view name() const = 0;
  virtual std::string label() const { return std::string(name()); }
  // What it computes with beside its inputs: {{"axis", axis_}}. It costs nothing unless asked for.
  virtual Attributes attributes() const;

  virtual Outputs forward_all(const Inputs& x);
  virtual Array forward(const Inputs& x);
  // One gradient for each input; a null Variable where none flows. gys[i] is null if nothing came
  // from output i.
  virtual Grads backward_all(const Variables& gys) { return backward(gys[0]); }
  virtual Grads backward(const Variable& gy);

  // Calls the function: computes the outputs and, if an input wants a gradient, links them into the
  // graph. Every call comes here, by apply<F>() below or by a handle that make_ref gave:
  //   auto f = make_ref<Cube>();
  //   Variable y = FunctionNode::call(f, {x})[0];
  static SmallVector<Variable, 1> call(Ref<FunctionNode> function, const Inputs& inputs);

  std::span<const Ref<VariableNode>> inputs() const { return inputs_; }
  // Null where nobody holds an output any more.
  std::span<VariableNode* const> outputs() const { return outputs_; }
  int rank() const { return rank_; }

  // Cuts the function out of the graph and frees what it retains.
  void unchain();
  // Frees what it retains; a later backward pass through it is an error that says so.
  void release_retained();

 protected:
  // Called in forward(): keep these arrays for backward(). Nothing else is kept.
  void retain_inputs(std::initializer_list<int> indexes);
  void retain_outputs(std::initializer_list<int> indexes);

  // In backward(): what was kept, at its place in the graph. Throws if the array was overwritten
  // since, unless the pass says allow_updates; then it is what the variable holds now. Arrays that
  // are neither inputs nor outputs are kept as members: Kept<Array> (autograd/graph/kept.h).
  Variable retained_input(int index) const;
  Variable retained_output(int index) const;

  // In backward(): whether anybody wants the gradient of this input.
  bool needs_grad(int input) const;
  // The shape and dtype of an input, which need not be retained for it.
  Shape input_shape(int index) const { return inputs_[static_cast<std::size_t>(index)]->shape(); }
  Dtype input_dtype(int index) const { return inputs_[static_cast<std::size_t>(index)]->dtype; }

  // One gradient for each input, each computed only if it is wanted:
  //   return when_needed([&] { return matmul(gy, transpose(b)); },
  //                      [&] { return matmul(transpose(a), gy); });
  template <class... F>
  Grads when_needed(const F&... compute) const {
    int i = 0;
    Grads gradients;
    (gradients.push_back(needs_grad(i++) ? as_variable(compute()) : Variable()), ...);
    return gradients;
  }

 private:
  enum class Place { input, output };
  struct Retained {
    Place place;
    int index;
    Array array;
    std::uint64_t version;
  };
  const Array& retained(Place place, int index) const;
  void retain(Place place, int index, const Array& array);
  void check(const Inputs& inputs) const;
  void link_inputs(const Inputs& inputs);
  static void link_output(Ref<FunctionNode> function, const Variable& output);
  friend class BackwardPass;
  friend class VariableNode;

  SmallVector<Ref<VariableNode>, 2> inputs_;
  SmallVector<VariableNode*, 1> outputs_;
  int rank_ = 0;
  bool released_ = false;
  bool allow_updates_ = false;  // of the pass that runs
  std::vector<Retained, nodes::Allocator<Retained>> retained_;
  // What forward() asked to be retained: bit i is input or output i.
  std::uint64_t wanted_inputs_ = 0, wanted_outputs_ = 0;
};

// Calls a new function of type F, made with `arguments`, on `inputs`: its first output, and all.
template <class F, class... A>
Variable apply(const Inputs& inputs, A&&... arguments) {
  return std::move(FunctionNode::call(make_ref<F>(std::forward<A>(arguments)...), inputs)[0]);
}
template <class F, class... A>
Variables apply_all(const Inputs& inputs, A&&... arguments) {
  const auto outputs = FunctionNode::call(make_ref<F>(std::forward<A>(arguments)...), inputs);
  return Variables(outputs.begin(), outputs.end());
}

}  // namespace autograd
