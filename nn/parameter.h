#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograd/graph/config.h"
#include "autograd/graph/variable.h"
#include "nn/initialize_once.h"
#include "nn/initializers/initializer.h"

namespace nn {

using autograd::Variable;
using autograd::Variables;

class UpdateRule;
struct ParameterBody;

// A variable that an optimizer trains. Like every Variable it is a handle: a copy is the same
// parameter. A parameter without a shape is uninitialised until initialize(shape), which a layer
// calls when it sees its first input.
class Parameter : public Variable {
 public:
  // A null parameter, for example the bias of a layer without a bias; it is not listed.
  Parameter() = default;
  // Without a dtype it is the initializer's, and else config().dtype.
  explicit Parameter(const Initializer& initializer, std::optional<Shape> shape = {},
                     const std::string& name = "", std::optional<Dtype> dtype = {});

  // Holds this array without copying it.
  explicit Parameter(const Array& values);

  // Deleted: `W *= 0.5` would replace the parameter by a variable of the graph. To change the
  // values, use W.set_array((W * 0.5).array()).
  template <class T>
  Parameter& operator+=(const T&) = delete;
  template <class T>
  Parameter& operator-=(const T&) = delete;
  template <class T>
  Parameter& operator*=(const T&) = delete;
  template <class T>
  Parameter& operator/=(const T&) = delete;

  // Whether it has values. A variable that a link hook put in its place has.
  bool is_initialized() const;
  // The dtype of the values, or of the values to be drawn.
  Dtype dtype() const { return is_initialized() ? Variable::dtype() : own_dtype(); }
  // Converts the values and the gradient. To convert a whole link, use cast() in nn/cast.h.
  void set_dtype(Dtype dtype);
  // Draws the values, once the shape is known; or takes this array, which is not copied.
  void initialize(const Shape& shape);
  void initialize_with(const Array& values);
  // A name that is given before the values is theirs, too.
  void set_name(const std::string& name);

  // How an optimizer updates this parameter (nn/update_rule.h); null before its setup().
  UpdateRule* update_rule() const;
  void set_update_rule(std::shared_ptr<UpdateRule> rule);

  // A new parameter with the same values (or, if uninitialised, the same initializer) and no
  // gradient.
  Parameter copy() const;
  // A new parameter that shares the array, so that a change of values affects both, but has its own
  // gradient.
  Parameter share() const;
  // A new parameter whose values are drawn by the same initializer.
  Parameter reinitialized() const;

  // Whether the handle still refers to a parameter: another variable may have been assigned to it
  // through a Variable&. The functions below throw for such a handle.
  bool is_parameter() const;
  // The parameter that this variable is; null if it is not a parameter.
  static Parameter from(autograd::VariableBody* variable);

 private:
  explicit Parameter(autograd::Ref<ParameterBody> body);
  ParameterBody& own() const;
  Dtype own_dtype() const;
};

// What a parameter's handles share, besides what every variable has.
struct ParameterBody final : autograd::VariableBody {
  ParameterBody();
  ~ParameterBody() override;

  Initializer initializer;
  std::string name;
  Dtype dtype = Dtype::float32;
  std::shared_ptr<UpdateRule> update_rule;
  Ready ready;  // a thread has seen the values under the InitializationLock
};

// The parameters whose handles are in these bytes of memory: the members of an object, listed or
// not.
std::vector<Parameter> parameters_in(const void* object, std::size_t bytes);

}  // namespace nn
