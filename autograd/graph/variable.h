#pragma once

#include <concepts>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/memory/flag_lock.h"
#include "autograd/memory/ref.h"
#include "autograd/memory/small_vector.h"

namespace autograd {

class FunctionNode;
class Indices;
class Variable;
struct VariableBody;

// The node of a variable in the graph. It has the variable's shape and dtype, but not its array. A
// function node owns the nodes of its inputs, and a variable node owns the function that computed
// it. So all owning references point from later nodes to earlier ones, there are no cycles, and a
// graph keeps only those arrays alive that its functions retain.
class VariableNode final : public Counted, public Live<VariableNode> {
 public:
  VariableNode(const Array& data, bool needs_grad);
  ~VariableNode();

  const Ref<FunctionNode>& creator() const { return creator_; }  // null for a leaf
  // Makes this node output `index` of the function.
  void set_creator(Ref<FunctionNode> function, int index);
  // Makes this node a leaf: forgets its creator.
  void unchain();

  Shape shape() const { return Shape(std::span(lengths_.begin(), lengths_.end())); }
  bool has_shape(const Shape& shape) const {
    if (static_cast<int>(lengths_.size()) != shape.ndim()) return false;
    for (int axis = 0; axis < shape.ndim(); ++axis)
      if (lengths_[static_cast<std::size_t>(axis)] != shape[axis]) return false;
    return true;
  }

  const std::string& name() const;
  void set_name(const std::string& name);
  // The text that drawings of the graph show: "(5, 12), float32"; of a scalar, "float32".
  std::string label() const;

  // The variable of this node, where backward() leaves the gradient; null if no handle to it exists.
  VariableBody* variable = nullptr;
  // The length of the longest path from a leaf to this node.
  int rank = 0;
  Dtype dtype;
  bool requires_grad;

 private:
  int output_ = 0;  // the index of this node among the creator's outputs
  Ref<FunctionNode> creator_;
  struct Name;
  Ref<const Name> name_;                  // null for most nodes
  SmallVector<std::int64_t, 2> lengths_;  // the shape, in less memory than a Shape
};

struct BackwardOptions {
  // Leave gradients in intermediate variables, too.
  bool retain_grad = false;
  // Record a graph of the backward pass, so that the gradients can be differentiated.
  bool enable_double_backprop = false;
  // Keep the arrays that the functions retain, so that backward() can run again.
  bool retain_graph = false;
  // If a variable was updated after the forward pass, use its current array, as Chainer does, and
  // do not throw Error. This allows several losses on one graph with updates in between.
  bool allow_updates = false;
};

struct VariableOptions {
  std::string name = {};
  bool requires_grad = true;
};

// An array that takes part in differentiation. A Variable is a handle: copies are the same
// variable, as two names are in Python. A default-constructed one is Python's None.
//
//   Variable x(Array::of({1.f, 2.f}));     // wants a gradient, as chainer.Variable(x)
//   Variable y = sum(x * x);
//   y.backward();
//   x.grad();                              // float32(2): 2, 4
//
// Functions also take an Array, as a constant. `Variable x = array;` and `return array;` do not
// compile, because they do not say whether the variable requires a gradient: Variable(array) does,
// as_variable(array) does not.
class Variable {
 public:
  Variable() = default;
  // Defined below, where VariableBody is complete.
  inline Variable(const Variable& other) noexcept;
  inline Variable(Variable&& other) noexcept;
  inline Variable& operator=(const Variable& other) noexcept;
  inline Variable& operator=(Variable&& other) noexcept;
  inline ~Variable();
  explicit Variable(const Array& array) : Variable(of(Array(array), true)) {}
  Variable(const Array& array, const VariableOptions& options);
  Variable(const Constant&) = delete;             // say Variable(array) or as_variable(array)
  Variable& operator=(const Constant&) = delete;  // say Variable(array) or as_variable(array)

  explicit operator bool() const { return static_cast<bool>(body_); }
  // Whether two handles are the same variable.
  bool is(const Variable& other) const { return body_ == other.body_; }

  // The array itself, not a copy: writing to it changes the variable. Called on a temporary, the
  // accessors return by value.
  inline const Array& array() const&;
  inline Array array() const&&;
  const Array& data() const& { return array(); }  // Chainer's older name
  Array data() const&& { return array(); }
  void set_array(const Array& array);
  const Shape& shape() const& { return array().shape(); }
  Shape shape() const&& { return array().shape(); }
  Dtype dtype() const { return array().dtype(); }
  int ndim() const { return array().ndim(); }
  std::int64_t size() const { return array().size(); }
  std::int64_t length(int axis) const { return array().length(axis); }
  double item() const { return array().item(); }

  // get_item(*this, indices): x[1], x[{Slice(0, 2), 1}].
  Variable operator[](const Indices& indices) const;

  // The gradient that backward() left here; None if there is none. The array may be written to: it
  // is contiguous and shares memory with nothing else. grad_var() returns the gradient as a
  // Variable, which with enable_double_backprop has a graph.
  Array grad() const;
  Variable grad_var() const;
  // Sets the gradient. set_grad() copies the array, unless it was moved in and nothing shares its
  // memory. set_grad_var() keeps the variable; if its array is not contiguous, it keeps a contiguous
  // copy at the same place in the graph.
  void set_grad(Array grad);
  void set_grad_var(const Variable& grad);
  void cleargrad();

  std::string name() const;
  void set_name(const std::string& name);
  inline bool requires_grad() const;
  FunctionNode* creator() const;  // null for a leaf; valid as long as the graph exists
  int rank() const;

  // Adds d(this)/d(v) to the gradient of every leaf variable v that this variable was computed from
  // and that still has a handle. If this variable has more than one element, its gradient must be
  // set first, as in Chainer.
  void backward(const BackwardOptions& options = {}) const;

  // unchain() cuts this variable off from the function that computed it; unchain_backward() does the
  // same for every variable that it was computed from.
  void unchain();
  void unchain_backward();

  // The variable's node in the graph, made on first use.
  inline const Ref<VariableNode>& node() const&;
  Ref<VariableNode> node() const&& { return node(); }
  // A new variable with this array at an existing node.
  static Variable at(const Array& array, const Ref<VariableNode>& node);

  // Identifies the variable: equal for all handles to it.
  const VariableBody* id() const { return body_.get(); }

 protected:
  // For derived classes with a body of their own. The array may be set later, by set_array().
  inline explicit Variable(Ref<VariableBody> body);
  inline VariableBody& body() const;

 private:
  friend class BackwardPass;
  friend class Constant;
  friend class FunctionNode;

  static Variable of(Array&& array, bool requires_grad);
  [[noreturn]] static void fail_on_none();
  void make_node() const;  // may be called by several threads at once

  Ref<VariableBody> body_;
};

// As Chainer prints it: variable([1. 2. 3.]), or `variable loss(0.5)` of one with a name.
std::ostream& operator<<(std::ostream& out, const Variable& x);

// An Array passed as `const Variable&` converts to a Constant: a temporary variable that does not
// require a gradient and lives until the end of the call.
class Constant final : public Variable {
 public:
  explicit Constant(const Array& array) : Variable(of(Array(array), false).body_) {}
};

inline Array::operator const Constant() const { return Constant(*this); }

// A list of variables. As for one, `Variables{array}` and push_back(array) do not compile:
// push_back(Variable(array)) and emplace_back(array) want a gradient, push_back(as_variable(array))
// does not.
class Variables : public std::vector<Variable> {
 public:
  Variables() = default;
  using vector::vector;
  Variables(std::vector<Variable> list)  // NOLINT(google-explicit-constructor)
      : vector(std::move(list)) {}

  using vector::assign, vector::insert, vector::push_back, vector::resize;
  Variables(size_type count, const Array& value) = delete;
  void assign(size_type count, const Array& value) = delete;
  iterator insert(const_iterator before, const Array& value) = delete;
  iterator insert(const_iterator before, size_type count, const Array& value) = delete;
  void push_back(const Array& value) = delete;
  void resize(size_type count, const Array& value) = delete;
};

struct VariableBody : Counted {
  VariableBody() {}  // not = default: it would be filled with zeros first
  VariableBody(Array&& array, bool wants_grad)
      : data(std::move(array)), requires_grad(wants_grad) {}
  virtual ~VariableBody() { leave_node(); }

  // Its node may live on in a graph.
  void leave_node() {
    if (node && node->variable == this) node->variable = nullptr;
    node = nullptr;
  }

  Array data;
  Variable grad;
  bool requires_grad = true;
  FlagLock lock;           // of threads that add to `grad` or want to make `node`
  Ref<VariableNode> node;  // null until the variable takes part in a graph or gets a name
};

inline Variable::Variable(const Variable&) noexcept = default;
inline Variable::Variable(Variable&&) noexcept = default;
inline Variable& Variable::operator=(const Variable&) noexcept = default;
inline Variable& Variable::operator=(Variable&&) noexcept = default;
inline Variable::~Variable() = default;
inline Variable::Variable(Ref<VariableBody> body) : body_(std::move(body)) {}

inline VariableBody& Variable::body() const {
  if (!body_) [[unlikely]]
    fail_on_none();
  return *body_;
}
inline const Array& Variable::array() const& { return body().data; }
inline Array Variable::array() const&& { return body().data; }
inline bool Variable::requires_grad() const {
  const VariableNode* node = body().node.load();
  return node ? node->requires_grad : body_->requires_grad;
}
inline const Ref<VariableNode>& Variable::node() const& {
  if (!body().node.load()) make_node();
  return body_->node;
}

// The array as a variable without gradient; a variable as it is. Chainer's chainer.as_variable.
inline Variable as_variable(const Variable& x) { return x; }

// A variable among arguments that lie in a struct, {.loc = x, .scale = array}. As in a call of a
// function, an Array is a constant.
class VariableField : public Variable {
 public:
  VariableField() = default;
  VariableField(const Variable& x) : Variable(x) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  VariableField(const Array& x) : Variable(as_variable(x)) {}
};

// A list of variables that a function takes: {x, array}, Variables, or Arrays. As in a call of a
// function of one variable, an Array is a constant.
class VariableList {
 public:
  VariableList(std::initializer_list<VariableField> items)
      : made_(items.begin(), items.end()), list_(made_) {}
  VariableList(const std::vector<Variable>& list)  // NOLINT(google-explicit-constructor)
      : list_(list) {}
  VariableList(const std::vector<Array>& list) {  // NOLINT(google-explicit-constructor)
    made_.reserve(list.size());
    for (const Array& x : list) made_.push_back(as_variable(x));
    list_ = made_;
  }
  VariableList(const VariableList&) = delete;
  VariableList& operator=(const VariableList&) = delete;

  // NOLINTNEXTLINE(google-explicit-constructor)
  operator std::span<const Variable>() const { return list_; }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  const Variable& operator[](std::size_t i) const { return list_[i]; }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<Variable> made_;
  std::span<const Variable> list_;
};

}  // namespace autograd
