#pragma once

namespace autograd::kernels {

#ifdef CHAINETTE_ONEDNN
inline constexpr bool kOnednn = true;
#else
inline constexpr bool kOnednn = false;
#endif

// Limits oneDNN to the instruction set that AUTOGRAD_ISA allows our own kernels. Must be called
// before every use of oneDNN, because the first use fixes the setting.
void limit_onednn();

// Whether oneDNN may still be called. At the end of the process it may not: its generated code
// belongs to static objects, which may be destroyed before other objects whose destructors compute.
bool onednn_is_alive();
// Makes onednn_is_alive() return false before oneDNN's static objects are destroyed. Must be called
// after the first use of each part of oneDNN, when its static objects exist.
void watch_onednn();

}  // namespace autograd::kernels
