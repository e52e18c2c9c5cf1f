#include "nn/parameter.h"

#include <pthread.h>

#include <mutex>
#include <new>

#include "autograd/base/error.h"

namespace nn {

using autograd::Ref;

namespace {

constinit std::recursive_mutex initialization_mutex;

Ref<ParameterBody> make_body(const Initializer& initializer, const std::string& name, Dtype dtype) {
  auto body = autograd::make_ref<ParameterBody>();
  body->initializer = initializer;
  body->name = name;
  body->dtype = dtype;
  return body;
}

}  // namespace

InitializationLock::InitializationLock() {
  // The child of a fork() has the threads that may be in here no more, and the lock neither.
  static const bool registered = pthread_atfork(nullptr, nullptr, [] {
                                   new (&initialization_mutex) std::recursive_mutex;
                                 }) == 0;
  static_cast<void>(registered);
  initialization_mutex.lock();
}
InitializationLock::~InitializationLock() { initialization_mutex.unlock(); }

Parameter::Parameter(Ref<ParameterBody> body) : Variable(std::move(body)) {}

Parameter::Parameter(const Initializer& initializer, std::optional<Shape> shape,
                     const std::string& name, Dtype dtype)
    : Parameter(make_body(initializer, name, dtype)) {
  if (!initializer)
    throw autograd::Error("Parameter: an initializer must be given, but it is none");
  if (shape) initialize(*shape);
}

ParameterBody& Parameter::own() const { return static_cast<ParameterBody&>(body()); }

bool Parameter::is_initialized() const {
  ParameterBody& p = own();
  if (p.ready) [[likely]]
    return static_cast<bool>(p.data);
  const InitializationLock lock;
  if (!p.data) return false;
  p.ready.set();
  return true;
}

void Parameter::initialize(const Shape& shape) {
  set_array(own().initializer(shape, own().dtype));
  if (!own().name.empty()) set_name(own().name);
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
