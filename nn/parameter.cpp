#include "nn/parameter.h"

#include "autograd/base/error.h"

namespace nn {

Parameter::Parameter(std::shared_ptr<const Recipe> recipe) : Variable(WithoutArray{}), recipe_(std::move(recipe)) {}

Parameter::Parameter(const Initializer& initializer, std::optional<Shape> shape, const std::string& name, Dtype dtype)
    : Parameter(std::make_shared<const Recipe>(Recipe{initializer, name, dtype})) {
  if (!initializer) throw autograd::Error("Parameter: an initializer must be given, but it is none");
  if (shape) initialize(*shape);
}

void Parameter::set(const Array& values) {
  set_array(values);
  if (!recipe_->name.empty()) set_name(recipe_->name);
}

void Parameter::initialize(const Shape& shape) { set(recipe_->initializer(shape, recipe_->dtype)); }

Parameter Parameter::copy() const {
  Parameter p(recipe_);
  if (is_initialized()) p.set(array().copy());
  return p;
}

Parameter Parameter::reinitialized() const {
  Parameter p(recipe_);
  if (is_initialized()) p.initialize(shape());
  return p;
}

}  // namespace nn
