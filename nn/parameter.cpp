#include "nn/parameter.h"

#include <pthread.h>

#include <cstring>
#include <mutex>
#include <new>
#include <typeinfo>
#include <unordered_set>

#include "autograd/base/error.h"

namespace nn {

using autograd::Ref;

namespace {

constinit std::recursive_mutex initialization_mutex;

// The addresses of all existing parameters, protected by an InitializationLock. Never destroyed,
// because parameters of static links outlive main.
std::unordered_set<const void*>& living() {
  static auto& bodies = *new std::unordered_set<const void*>;
  return bodies;
}

Ref<ParameterBody> make_body(const Initializer& initializer, const std::string& name, Dtype dtype) {
  auto body = autograd::make_ref<ParameterBody>();
  body->initializer = initializer.with_dtype({});  // the parameter has the dtype now
  body->name = name;
  body->dtype = dtype;
  return body;
}

}  // namespace

InitializationLock::InitializationLock() {
  // The child of a fork() does not have the parent's other threads, so it needs a new lock.
  static const bool registered = pthread_atfork(nullptr, nullptr, [] {
                                   new (&initialization_mutex) std::recursive_mutex;
                                 }) == 0;
  static_cast<void>(registered);
  initialization_mutex.lock();
}
InitializationLock::~InitializationLock() { initialization_mutex.unlock(); }

ParameterBody::ParameterBody() {
  const InitializationLock locked;
  living().insert(this);
}
ParameterBody::~ParameterBody() {
  const InitializationLock locked;
  living().erase(this);
}

std::vector<Parameter> parameters_in(const void* object, std::size_t bytes) {
  static_assert(sizeof(Parameter) == sizeof(autograd::VariableBody*));
  std::vector<Parameter> found;
  const auto* memory = static_cast<const std::byte*>(object);
  const InitializationLock lock;
  for (std::size_t at = 0; at + sizeof(Parameter) <= bytes; at += alignof(Parameter)) {
    autograd::VariableBody* body;
    std::memcpy(&body, memory + at, sizeof body);
    if (living().contains(body)) found.push_back(Parameter::from(body));
  }
  return found;
}

Parameter::Parameter(Ref<ParameterBody> body) : Variable(std::move(body)) {}

Parameter::Parameter(const Initializer& initializer, std::optional<Shape> shape,
                     const std::string& name, std::optional<Dtype> dtype)
    : Parameter(make_body(initializer, name,
                          dtype.value_or(initializer.dtype().value_or(autograd::config().dtype)))) {
  if (!initializer)
    throw autograd::Error("Parameter: an initializer must be given, but it is none");
  if (shape) initialize(*shape);
}

Parameter::Parameter(const Array& values) : Parameter(values, {}, "", values.dtype()) {
  set_array(values);
}

bool Parameter::is_parameter() const {
  const autograd::VariableBody& b = body();
  return typeid(b) == typeid(ParameterBody);
}

ParameterBody& Parameter::own() const {
  if (!is_parameter()) [[unlikely]]
    throw autograd::Error(
        "Parameter: a parameter must stay one, but it was assigned a variable through a Variable&");
  return static_cast<ParameterBody&>(body());
}

bool Parameter::is_initialized() const {
  if (!is_parameter()) [[unlikely]]
    return true;
  ParameterBody& p = own();
  if (p.ready) [[likely]]
    return static_cast<bool>(p.data);
  const InitializationLock lock;
  if (!p.data) return false;
  p.ready.set();
  return true;
}

void Parameter::initialize(const Shape& shape) {
  initialize_with(own().initializer(shape, own().dtype));
}

void Parameter::initialize_with(const Array& values) {
  set_array(values);
  if (!own().name.empty()) Variable::set_name(own().name);
}

void Parameter::set_name(const std::string& name) {
  own().name = name;
  if (is_initialized()) Variable::set_name(name);
}

Dtype Parameter::own_dtype() const { return own().dtype; }

void Parameter::set_dtype(Dtype dtype) {
  own().dtype = dtype;
  if (!is_initialized()) return;
  const Array gradient = grad();
  cleargrad();
  set_array(array().astype(dtype));
  if (gradient) set_grad(gradient.astype(dtype));
}

UpdateRule* Parameter::update_rule() const { return own().update_rule.get(); }
void Parameter::set_update_rule(std::shared_ptr<UpdateRule> rule) {
  own().update_rule = std::move(rule);
}

Parameter Parameter::share() const {
  Parameter p(make_body(own().initializer, own().name, own().dtype));
  if (!is_initialized()) return p;
  p.set_array(array());
  if (!name().empty()) p.set_name(name());
  return p;
}

Parameter Parameter::copy() const {
  Parameter p = share();
  if (is_initialized()) p.set_array(array().copy());
  return p;
}

Parameter Parameter::reinitialized() const {
  Parameter p(make_body(own().initializer, own().name, own().dtype));
  if (is_initialized()) p.initialize(shape());
  return p;
}

Parameter Parameter::from(autograd::VariableBody* variable) {
  return Parameter(Ref(dynamic_cast<ParameterBody*>(variable)));
}

}  // namespace nn
