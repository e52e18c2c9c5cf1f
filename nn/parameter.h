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
// parameter. Without a shape it waits until initialize() is told one, which a layer does when it
// sees its first input.
class Parameter : public Variable {
 public:
  // None: a layer without a bias has one of these, and it is not listed.
  Parameter() = default;
  explicit Parameter(const Initializer& initializer, std::optional<Shape> shape = {},
                     const std::string& name = "", Dtype dtype = autograd::config().dtype);

  // With this array, which is not copied.
  explicit Parameter(const Array& values);

  // An update in place would put a variable of the graph where the parameter was. To change the
  // values say W.set_array((W * 0.5).array()).
  template <class T>
  Parameter& operator+=(const T&) = delete;
  template <class T>
  Parameter& operator-=(const T&) = delete;
  template <class T>
  Parameter& operator*=(const T&) = delete;
  template <class T>
  Parameter& operator/=(const T&) = delete;

  bool is_initialized() const;
  // Of the values, or of those to be drawn.
  Dtype dtype() const { return is_initialized() ? Variable::dtype() : own_dtype(); }
  // Converts the values and the gradient. cast() in nn/cast.h does so for a whole link.
  void set_dtype(Dtype dtype);
  // Draws the values, once the shape is known; or takes this array, which is not copied.
  void initialize(const Shape& shape);
  void initialize_with(const Array& values);
  // A name that is given before the values is theirs, too.
  void set_name(const std::string& name);

  // How an optimizer updates this parameter (nn/update_rule.h); null before its setup().
  UpdateRule* update_rule() const;
  void set_update_rule(std::shared_ptr<UpdateRule> rule);

  // Another parameter with the same values (or, uninitialised, with the same initializer) and no
  // gradient.
  Parameter copy() const;
  // Another parameter with the same array, so that a change of values shows in both, but a gradient
  // of its own.
  Parameter share() const;
  // Another parameter whose values are drawn anew by the same initializer.
  Parameter reinitialized() const;

  // Whether it still is one: through a Variable& it may have been assigned another variable. What
  // is asked of such a handle below throws.
  bool is_parameter() const;
  // The parameter that a variable is; none if it is not one.
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

// The parameters whose handles lie in these bytes of memory: the members of an object, whether it
// names them or not.
std::vector<Parameter> parameters_in(const void* object, std::size_t bytes);

}  // namespace nn
