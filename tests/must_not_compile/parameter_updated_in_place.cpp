// error: deleted
// It would put a variable of the graph where the parameter was, which then nothing trains.
#include "autograd/functions/math/basic_math.h"
#include "nn/links/connection/linear.h"

void halve(nn::Linear& layer) {
  layer.W.set_array((layer.W * 0.5).array());
#ifdef WRONG
  layer.W *= 0.5;
#endif
}
