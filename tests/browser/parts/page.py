"""One part of the app: the inside of a network or the box of a curve, as the address says, else two live figures."""

import cell
import curve
import live
import streamlit as st

if "network" in st.query_params:
    cell.show(st.query_params["network"])
elif "curve" in st.query_params:
    curve.show(st.query_params["curve"])
else:
    live.show()
