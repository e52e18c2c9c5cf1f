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

// A variable's place in the graph: what is known of it without its numbers. Function nodes hold the
// nodes of their inputs, and a variable's node holds the function that made it; so all strong
// references point back in time, no cycle can form, and a graph keeps alive only those arrays that
// its functions retain.
class VariableNode final : public Counted, public Live<VariableNode> {
 public:
  VariableNode(const Array& data, bool needs_grad);
  ~VariableNode();

  const Ref<FunctionNode>& creator() const { return creator_; }  // null for a leaf
  // Output `index` of a function.
  void set_creator(Ref<FunctionNode> function, int index);
  // A leaf from here on.
  void unchain();

  Shape shape() const { return Shape(std::span(lengths_.begin(), lengths_.end())); }
  bool has_shape(const Shape& shape) const;

  const std::string& name() const;
  void set_name(const std::string& name);
  // "(5, 12), float32", as drawings of the graph show it; a scalar shows its dtype only.
  std::string label() const;

  VariableBody* variable = nullptr;  // what the user holds, if anybody; gradients are left there
  // The longest path from a leaf; a function's outputs lie one above its highest input.
  int rank = 0;
  Dtype dtype;
  bool requires_grad;

 private:
  int output_ = 0;  // which of the creator's
  Ref<FunctionNode> creator_;
  struct Name;
  Ref<const Name> name_;                  // hardly any has one
  SmallVector<std::int64_t, 2> lengths_;  // the shape: a Shape has room for eight
};

struct BackwardOptions {
  bool retain_grad = false;  // keep the gradients of the variables in between, too
  bool enable_double_backprop =
      false;                  // record the backward pass, so that gradients can be differentiated
  bool retain_graph = false;  // keep what the functions retained, so that backward can run again
  // Where a variable was updated since forward, compute with its array of now, as Chainer does;
  // unless given, that is an Error. So several losses can go through one graph whose weights are
  // updated in between.
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
// Functions also take an Array, which then is a constant. `Variable x = array;` and `return array;`
// do not compile, for they would not say whether a gradient is wanted: `Variable x(array);` wants
// one, as_variable(array) does not.
class Variable {
 public:
  Variable() = default;
  // Defined below, where a VariableBody is known.
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

  // The array itself, which whoever has it may write to. Of a temporary, by value, as shape() is.
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

  // The gradient that backward() left here, if any: the array itself, which may be written to. It
  // lies in C order, in memory that nothing else uses. grad_var() is the same as a Variable: with
  // enable_double_backprop it has a graph of its own.
  Array grad() const;
  Variable grad_var() const;
  // Gives the gradient. An array that the caller still has is copied; one that was moved here is
  // kept. A variable is kept as it is, or put at its place of the graph with an array in C order.
  void set_grad(Array grad);
  void set_grad_var(const Variable& grad);
  void cleargrad();

  std::string name() const;
  void set_name(const std::string& name);
  inline bool requires_grad() const;
  FunctionNode* creator() const;  // null for a leaf; there as long as the graph is
  int rank() const;

  // Adds d(this)/d(v) to the gradient of every variable v that this one was computed from and
  // somebody still holds. An array of more than one element needs its own gradient to be set first,
  // as in Chainer.
  void backward(const BackwardOptions& options = {}) const;

  // Forgets how this variable was made; unchain_backward() does so for everything it was made from.
  void unchain();
  void unchain_backward();

  // The graph's side of the variable; made on first use.
  inline const Ref<VariableNode>& node() const&;
  Ref<VariableNode> node() const&& { return node(); }
  // A variable that stands at an existing place of the graph.
  static Variable at(const Array& array, const Ref<VariableNode>& node);

  // What tells one variable from another.
  const VariableBody* id() const { return body_.get(); }

 protected:
  // A derived handle brings a derived body, whose array may come later (set_array).
  inline explicit Variable(Ref<VariableBody> body);
  inline VariableBody& body() const;

 private:
  friend class BackwardPass;
  friend class Constant;
  friend class FunctionNode;

  static Variable of(Array&& array, bool requires_grad);
  [[noreturn]] static void fail_on_none();
  // Where threads may come at once; and of a variable that is new, which no other thread has yet.
  void make_node() const;
  void make_first_node() const;

  Ref<VariableBody> body_;
};

// As Chainer prints it: variable([1. 2. 3.]), or `variable loss(0.5)` of one with a name.
std::ostream& operator<<(std::ostream& out, const Variable& x);

// What a `const Variable&` binds to when a function is given an Array: a variable into which no
// gradient flows. It lasts as long as the call.
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
