# The picture of scenarios/growth.ts. `dir` holds a file for each axis: size, screen p99, ack p99, CPU of gateway, of PostgreSQL.
set terminal svg size 900,640 font 'sans-serif,12' background '#ffffff'
set multiplot layout 2,2
set logscale x
set ytics nomirror
set y2tics
set yrange [0:*]
set y2range [0:*]
set ylabel 'ms'
set y2label '% of a core'
set key below
set grid xtics ytics
do for [axis in 'members votes rooms workers'] {
  if (axis eq 'workers') { unset logscale x; set xrange [0.5:2.5]; set xtics 1 }
  set title axis.(axis eq 'votes' ? ' per second' : '')
  plot dir.'/'.axis using 1:2 with linespoints lw 2 pt 7 lc rgb '#2563eb' title 'every screen, p99', \
       '' using 1:3 with linespoints lw 1 pt 6 lc rgb '#60a5fa' title 'ack, p99', \
       '' using 1:4 axes x1y2 with linespoints lw 2 dt 2 pt 5 lc rgb '#b45309' title 'gateway', \
       '' using 1:5 axes x1y2 with linespoints lw 1 dt 2 pt 4 lc rgb '#f59e0b' title 'PostgreSQL'
}
